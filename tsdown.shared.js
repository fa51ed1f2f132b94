// How every package is built: ES modules and one type declaration file per entry; what a package imports from others stays an import.
/** @param {import('tsdown').UserConfig} options */
export const library = (options) => ({
  entry: ['src/index.ts'],
  // The build script gives another folder and exchanges the two at the end.
  outDir: 'dist',
  format: 'esm',
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
  fixedExtension: false,
  tsconfig: new URL('tsconfig.json', import.meta.url).pathname,
  ...options,
});
