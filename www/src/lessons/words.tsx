/** Words as lessons write them: `*a term*` is said for the first time, `{name}` is a figure. */

export function Says({ text }: { text: string }) {
  const parts = text.split('*');
  return <>{parts.map((part, at) => (at % 2 === 1 ? <dfn key={at}>{part}</dfn> : part))}</>;
}

export function Paragraphs({ words }: { words: readonly string[] }) {
  return (
    <>
      {words.map((text) => (
        <p key={text}>
          <Says text={text} />
        </p>
      ))}
    </>
  );
}

/** A sentence with its figures put in. */
export function filled(text: string, figures: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => figures[name] ?? all);
}
