/*
 * unusual: for what a TCP segment of an open connection, which most frames are, does not go
 * through, in the files through which every frame goes.
 *
 * pipeline_frame() and pipeline_record() are each compiled in one piece with what they call
 * (STRAIGHT): a frame goes through two dozen small functions, and calling them took a sixth
 * of the program's own instructions. What is marked as unusual stays out of that.
 */
#ifndef RPCSCOPE_UNUSUAL_H
#define RPCSCOPE_UNUSUAL_H

#define UNUSUAL  __attribute__((noinline))
#define STRAIGHT __attribute__((flatten))

#endif
