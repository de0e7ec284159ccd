/* SPDX-License-Identifier: MIT
 *
 * refused.h - architectures that no graph can be built of: what they break, the status and the
 * text.
 */
#ifndef TFU_TESTS_GRAPH_REFUSED_H
#define TFU_TESTS_GRAPH_REFUSED_H

#include "tests/support/networks.h"

/* X(sketch, status, text): image 2x8x8x3, layer plugins of refused.c */
#define REFUSAL_LIST(X)                                                                            \
    X(refused_no_features, TFU_EINVAL,                                                             \
      "it declares no features; call features() at the end of "                                    \
      "build()")                                                                                   \
    X(refused_op_before_stage, TFU_EINVAL,                                                         \
      "operation 'pool' comes before the first stage; call stage() "                               \
      "first")                                                                                     \
    X(refused_empty_stage, TFU_EINVAL, "stage 'body' has no operations")                           \
    X(refused_empty_last_stage, TFU_EINVAL, "stage 'tail' has no operations")                      \
    X(refused_stage_after_features, TFU_EINVAL, "stage 'tail' has no operations")                  \
    X(refused_two_stages, TFU_EINVAL,                                                              \
      "two stages are called 'body'; a stage is one contiguous "                                   \
      "group")                                                                                     \
    X(refused_stage_of_the_head, TFU_EINVAL,                                                       \
      "two stages are called 'body'; a stage is one contiguous "                                   \
      "group")                                                                                     \
    X(refused_stage_without_name, TFU_EINVAL, "a stage has no name")                               \
    X(refused_stage_null, TFU_EINVAL, "a stage has no name")                                       \
    X(refused_two_operations, TFU_EINVAL,                                                          \
      "two operations are called 'a.pool'; names must be unique: "                                 \
      "parameters are saved under them")                                                           \
    X(refused_same_name_with_dots, TFU_EINVAL,                                                     \
      "two operations are called 'a.pool'; names must be unique: "                                 \
      "parameters are saved under them")                                                           \
    X(refused_operation_like_the_input, TFU_EINVAL,                                                \
      "two operations are called 'image'; names must be unique: "                                  \
      "parameters are saved under them")                                                           \
    X(refused_operation_like_the_head, TFU_EINVAL,                                                 \
      "two operations are called 'fc'; names must be unique: "                                     \
      "parameters are saved under them")                                                           \
    X(refused_operation_without_name, TFU_EINVAL, "an operation in scope 'a' has no name")         \
    X(refused_operation_null, TFU_EINVAL, "an operation in scope '' has no name")                  \
    X(refused_unknown_attribute, TFU_EINVAL,                                                       \
      "operation 'conv': conv2d has no attribute 'stride_v'; did "                                 \
      "you mean 'stride_h'?")                                                                      \
    X(refused_far_attribute, TFU_EINVAL,                                                           \
      "operation 'conv': conv2d has no attribute 'temperature'; it has out, kernel_h, kernel_w, "  \
      "stride_h, stride_w, pad_h, pad_w, groups, bias")                                            \
    X(refused_attribute_of_none, TFU_EINVAL,                                                       \
      "operation 'relu': relu has no attribute 'slope'; it has none")                              \
    X(refused_attribute_twice, TFU_EINVAL, "operation 'conv': attribute 'out' is given twice")     \
    X(refused_attribute_short, TFU_EABI,                                                           \
      "operation 'conv': its attributes are 23 bytes each, which is less than 24; pass them with"  \
      " TFU_ATTRS()")                                                                              \
    X(refused_attribute_missing, TFU_EINVAL, "operation 'conv': conv2d needs 'kernel_w'")          \
    X(refused_attribute_too_small, TFU_EINVAL,                                                     \
      "operation 'conv': stride_h 0 is not within 1 and 65536")                                    \
    X(refused_attribute_too_large, TFU_EINVAL,                                                     \
      "operation 'drop': rate 1.25 is not within 0 and 1")                                         \
    X(refused_attribute_nan, TFU_EINVAL, "operation 'drop': rate nan is not within 0 and 1")       \
    X(refused_input_twice, TFU_EINVAL,                                                             \
      "input('second') is called after 'image' was declared; an "                                  \
      "architecture has one input and declares it first")                                          \
    X(refused_input_without_name, TFU_EINVAL, "the input has no name")                             \
    X(refused_input_null, TFU_EINVAL, "the input has no name")                                     \
    X(refused_none_as_input, TFU_EINVAL,                                                           \
      "input 0 of operation 'relu' is 0, which is no value of this "                               \
      "graph")                                                                                     \
    X(refused_no_such_value, TFU_EINVAL,                                                           \
      "input 1 of operation 'add' is 3, which is no value of this "                                \
      "graph")                                                                                     \
    X(refused_no_input_at_all, TFU_EINVAL,                                                         \
      "input 0 of operation 'relu' is 1, which is no value of this "                               \
      "graph")                                                                                     \
    X(refused_too_few_inputs, TFU_EINVAL,                                                          \
      "operation 'add': add takes 2 to 2 inputs and was given 1")                                  \
    X(refused_too_many_inputs, TFU_EINVAL,                                                         \
      "operation 'relu': relu takes 1 to 1 inputs and was given 2")                                \
    X(refused_features_twice, TFU_EINVAL, "features() is called twice; a network has one end")     \
    X(refused_features_of_an_image, TFU_ESHAPE,                                                    \
      "features 'relu' have rank 4; a head needs N,C: end the "                                    \
      "architecture in global_avgpool")                                                            \
    X(refused_features_of_none, TFU_EINVAL,                                                        \
      "features() is given 0, which is no value of this graph")                                    \
    X(refused_features_of_nothing, TFU_EINVAL,                                                     \
      "features() is given 7, which is no value of this graph")                                    \
    X(refused_head_without_name, TFU_EINVAL,                                                       \
      "features() names no head; say where the classifier's "                                      \
      "parameters go, as in \"fc\"")                                                               \
    X(refused_head_null, TFU_EINVAL,                                                               \
      "features() names no head; say where the classifier's "                                      \
      "parameters go, as in \"fc\"")                                                               \
    X(refused_open_scope, TFU_EINVAL,                                                              \
      "scope 'a.b' is still open at the end; scope_pop() is missing")                              \
    X(refused_pop_without_push, TFU_EINVAL, "scope_pop() without an open scope")                   \
    X(refused_deep_scopes, TFU_EINVAL,                                                             \
      "more than 32 scopes are open at 's.s.s.s.s.s.s.s.s.s.s.s.s.s"                               \
      ".s.s.s.s.s.s.s.s.s.s.s.s.s.s.s.s.s.s'")                                                     \
    X(refused_scope_without_name, TFU_EINVAL, "a scope in 'a' has no name, or too long a one")     \
    X(refused_long_scope, TFU_EINVAL, "a scope in 'a' has no name, or too long a one")             \
    X(refused_scopes_too_long_together, TFU_EINVAL,                                                \
      "a scope in '000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "00000000000000000000000000000001' has no name, or too long a"                               \
      " one")                                                                                      \
    X(refused_long_name, TFU_EINVAL,                                                               \
      "the name '00000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "00000000000000000001.longer' is longer than 255 characters")                                \
    X(refused_value_not_used, TFU_EINVAL,                                                          \
      "the value of 'relu' is never used; use it or leave it out")                                 \
    X(refused_input_not_used, TFU_EINVAL,                                                          \
      "the value of 'relu' is never used; use it or leave it out")                                 \
    X(refused_fails_with_a_word, TFU_EUNSUPPORTED, "depth 19 is none of 18, 34, 50")               \
    X(refused_first_error_sticks, TFU_EINVAL, "scope_pop() without an open scope")                 \
    X(refused_refused_by_the_layer, TFU_ESHAPE,                                                    \
      "operation 'add': add takes two inputs of the same shape, but"                               \
      " they are 2x8x8x3 and 2x3")                                                                 \
    X(refused_head_too_wide_a_name, TFU_EINVAL,                                                    \
      "the name '00000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000000000000000000000000000000000000"                               \
      "000000000000000000000000000001' is longer than 255 "                                        \
      "characters")                                                                                \
    X(refused_silent, TFU_EUNSUPPORTED,                                                            \
      "operation 'odd': layer 'silent' refuses it without saying "                                 \
      "why")                                                                                       \
    X(refused_speaking, TFU_ESHAPE, "operation 'odd': height 8 is even")                           \
    X(refused_speaking_ok, TFU_ESHAPE, "operation 'odd': height 8 is even")                        \
    X(refused_no_output, TFU_EINVAL, "operation 'odd': layer 'no_output' declares no output")      \
    X(refused_two_outputs, TFU_EINVAL,                                                             \
      "operation 'odd': layer 'two_outputs' declares two outputs")                                 \
    X(refused_other_batch, TFU_EINVAL,                                                             \
      "operation 'odd': layer 'other_batch' changes the batch, the "                               \
      "first dim")                                                                                 \
    X(refused_empty_output, TFU_ESHAPE,                                                            \
      "operation 'odd': dim 2 of the output would be 0, which is "                                 \
      "less than 1")                                                                               \
    X(refused_huge_output, TFU_ESHAPE,                                                             \
      "operation 'odd': dim 1 of the output would be "                                             \
      "9223372036854775807, which is too large")                                                   \
    X(refused_rank_nine, TFU_ESHAPE, "operation 'odd': the output would have rank 9")              \
    X(refused_rank_none, TFU_ESHAPE, "operation 'odd': the output would have rank 0")              \
    X(refused_asks_attribute, TFU_EINVAL,                                                          \
      "layer 'asks_attribute' asks for its attribute 'size', which "                               \
      "is not in its table")                                                                       \
    X(refused_same_parameters, TFU_EINVAL, "two parameters are called 'odd.weight'")               \
    X(refused_empty_parameter, TFU_ESHAPE,                                                         \
      "operation 'odd': dim 0 of weight would be 0, which is less "                                \
      "than 1")                                                                                    \
    X(refused_unknown_role, TFU_EINVAL,                                                            \
      "operation 'odd': parameter 'weight' has the unknown role 9")                                \
    X(refused_unknown_state, TFU_EINVAL, "operation 'odd': a state has the unknown type 77")       \
    X(refused_half_state, TFU_EUNSUPPORTED,                                                        \
      "operation 'odd': a state of bfloat16, which this version does not compute in")              \
    X(refused_state_of_rows, TFU_EINVAL,                                                           \
      "operation 'odd': a state per row has 3 rows, not the batch's"                               \
      " 2")                                                                                        \
    X(refused_empty_state, TFU_ESHAPE,                                                             \
      "operation 'odd': dim 1 of a state would be 0, which is less "                               \
      "than 1")                                                                                    \
    X(refused_unknown_plugin, TFU_ENOTFOUND,                                                       \
      "operation 'odd': there is no layer plugin 'nothing'")                                       \
    X(refused_typing_error_with_plugins, TFU_ENOTFOUND,                                            \
      "operation 'odd': the core has no layer 'batchnrom' (did you mean "                          \
      "'batchnorm'?): there is no layer plugin 'batchnrom'")

#define REFUSED_DECLARE(name, status, text) extern sketch name;
REFUSAL_LIST(REFUSED_DECLARE)
#undef REFUSED_DECLARE

#endif
