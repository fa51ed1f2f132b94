/** The activation functions, as users call them. */
export * from './functions.ts';
