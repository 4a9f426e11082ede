/** The model in use; its file is models/<version>.onnx, and every signature carries the name. */
export const MODEL_VERSION = 'palm-v1';
