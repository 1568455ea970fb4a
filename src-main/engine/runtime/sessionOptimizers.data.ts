/**
 * Optimizers of onnxruntime 1.30 that cannot find anything in our graphs: quantised operators, half precision, fused
 * operators of language models, and equal nodes, which lowering shares already. Each walks the whole graph, most of
 * them several times: without them 3,486 nodes load in 253 ms of processor time instead of 812, and run as fast.
 */
export const NEVER_OF_USE: readonly string[] = [
  'CommonSubexpressionElimination',
  'ConstantSharing',
  'BiasDropoutFusion',
  'DoubleQDQPairsRemover',
  'DynamicQuantizeMatMulFusion',
  'EmbedLayerNormFusion',
  'EnsureUniqueDQForNodeUnit',
  'FreeDimensionOverrideTransformer',
  'GatherSliceToSplitFusion',
  'GatherToSliceFusion',
  'GroupQueryAttentionFusion',
  'GroupQueryAttentionPreNormFusion',
  'MatMulIntegerToFloatFusion',
  'MatMulNBitsFusion',
  'NhwcTransformer',
  'QDQFinalCleanupTransformer',
  'QDQPropagationTransformer',
  'QDQS8ToU8Transformer',
  'QDQSelectorActionTransformer',
  'SliceConcatToSpaceToDepthFusion',
  'WeightBiasQuantization',
  'WhereDummyDq',
];

/**
 * Optimizers that join several nodes whose values nobody else needs. In a training step the gradients need them, so
 * they find nothing there; in networks that only run they pay.
 */
export const OF_NO_USE_IN_STEPS: readonly string[] = [
  'AttentionFusion',
  'BiasGeluFusion',
  'BiasSkipLayerNormFusion',
  'BiasSoftmaxFusion',
  'ConvActivationFusion',
  'ConvAddActivationFusion',
  'FastGeluFusion',
  'GeluFusionL1',
  'GeluFusionL2',
  'GemmActivationFusion',
  'LayerNormFusionL1',
  'LayerNormFusionL2',
  'Level2_RuleBasedTransformer',
  'MatMulActivationFusion',
  'MatMulAddFusion',
  'MatMulScaleFusion',
  'QuickGeluFusion',
  'ReshapeFusion',
  'SimplifiedLayerNormFusion',
  'SkipLayerNormFusion',
];
