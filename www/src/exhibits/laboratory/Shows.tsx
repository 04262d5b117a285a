/** What the figures show, computed from them. */
export function Shows({ sentences }: { sentences: readonly string[] }) {
  return (
    <div class="shows" data-testid="shows">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
