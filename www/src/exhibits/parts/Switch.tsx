/** Two or three views of which one is shown. */
export function Switch<V extends string>({
  legend,
  name,
  options,
  value,
  onValue,
}: {
  legend: string;
  name: string;
  options: readonly { value: V; label: string; title?: string }[];
  value: V;
  onValue: (value: V) => void;
}) {
  return (
    <fieldset class="switch">
      <legend class="heard">{legend}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          class={value === option.value ? 'on' : ''}
          data-testid={`${name}-${option.value}`}
        >
          <input
            type="radio"
            name={name}
            checked={value === option.value}
            onChange={() => onValue(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
