/** Written by `build/integrity.ts`. */
declare module 'integrity:*' {
  const hash: string;
  export default hash;
}
