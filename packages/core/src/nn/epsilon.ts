/** The small number that Keras adds and clips by: backend.epsilon(). */
export const EPSILON = 1e-7;
