/** Controls, made from the core's table of properties. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren, TargetedEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { setControl } from '../../actions';
import type { Controls, Group } from '../../engine/defaults';
import { controls } from '../../state';
import { Single } from './Place';
import { type Property, property } from './properties';

interface Named<G extends Group> {
  group: G;
  name: keyof Controls[G] & string;
  /** What is not as the table has it, because it hangs on another control. */
  but?: Partial<Property>;
}

/** The value of one control, and a way to set it; only that control's readers are drawn again. */
function useControl<G extends Group>({ group, name, but }: Named<G>) {
  const value = useComputed(
    () => (controls.value[group] as unknown as Record<string, unknown>)[name],
  );
  const set = (next: unknown) => setControl(group, name, next as Controls[G][typeof name]);
  return { value: value.value, set, about: { ...property(group, name), ...but } };
}

/** A number in range, or nothing. */
function allowed(text: string, about: Property): number | null {
  const value = Number(text.replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(value)) return null;
  const bounded = Math.min(about.max ?? value, Math.max(about.min ?? value, value));
  return about.kind === 'real' ? bounded : Math.round(bounded);
}

/**
 * What is typed is taken when the visitor is done with it, so that “12” is not first “1”; whatever
 * comes in meanwhile must not take it away.
 */
function useDraft(value: string, take: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  return {
    value: draft ?? value,
    onInput: (event: TargetedEvent<HTMLInputElement>) => setDraft(event.currentTarget.value),
    onChange: (event: TargetedEvent<HTMLInputElement>) => {
      setDraft(null);
      take(event.currentTarget.value);
    },
    onBlur: () => setDraft(null),
  };
}

interface NumberProps {
  id?: string;
  value: number;
  about: Property;
  label?: string;
  onValue: (value: number) => void;
}

export function NumberInput({ id, value, about, label, onValue }: NumberProps) {
  const typed = useDraft(`${value}`, (text) => {
    const next = allowed(text, about);
    if (next !== null && next !== value) onValue(next);
  });
  return (
    <input
      type="number"
      id={id}
      aria-label={label}
      inputMode={about.kind === 'real' ? 'decimal' : 'numeric'}
      min={about.min}
      max={about.max}
      step={about.kind === 'real' ? 'any' : 1}
      {...typed}
    />
  );
}

interface TextProps {
  id: string;
  value: string;
  placeholder?: string;
  maxLength?: number;
  /** Of a list of what can be chosen. */
  list?: string | undefined;
  onValue: (value: string) => void;
}

export function TextInput({ id, value, placeholder, maxLength, list, onValue }: TextProps) {
  const typed = useDraft(value, onValue);
  return (
    <input
      type="text"
      id={id}
      placeholder={placeholder}
      maxLength={maxLength}
      list={list}
      autocomplete="off"
      spellcheck={false}
      {...typed}
    />
  );
}

/** A row: what it is on the left, its value on the right. */
export function Row({
  label,
  id,
  help,
  children,
  className = '',
}: {
  label: string;
  id?: string;
  help?: string;
  className?: string;
  children: ComponentChildren;
}) {
  return (
    <div class={`field ${className}`} title={help}>
      {id ? <label for={id}>{label}</label> : <span class="label">{label}</span>}
      {children}
    </div>
  );
}

/** Any single-valued control. */
export function Field<G extends Group>(props: Named<G>) {
  return (
    <Single name={`${props.group}.${props.name}`}>
      <Valued {...props} />
    </Single>
  );
}

function Valued<G extends Group>(props: Named<G>) {
  const { value, set, about } = useControl(props);
  const id = useId();
  if (about.kind === 'choice') {
    return (
      <Row label={about.label} id={id} help={about.help}>
        <Select id={id} value={String(value)} options={about.options ?? []} onValue={set} />
      </Row>
    );
  }
  if (about.kind === 'flag') {
    return (
      <Row label={about.label} id={id} help={about.help}>
        <input
          type="checkbox"
          id={id}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      </Row>
    );
  }
  return (
    <Row label={about.label} id={id} help={about.help}>
      <NumberInput id={id} value={Number(value)} about={about} onValue={set} />
    </Row>
  );
}

interface Option {
  value: string;
  label: string;
}

const optionsOf = (options: readonly Option[]) =>
  options.map((option) => (
    <option key={option.value} value={option.value}>
      {option.label}
    </option>
  ));

/** One of several; `groups` puts them under headings. */
export function Select({
  id,
  value,
  options = [],
  groups = [],
  describedBy,
  onValue,
}: {
  id: string;
  value: string;
  options?: readonly Option[];
  groups?: readonly { label: string; options: readonly Option[] }[];
  describedBy?: string;
  onValue: (value: string) => void;
}) {
  return (
    <span class="select">
      <select
        id={id}
        value={value}
        aria-describedby={describedBy}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {optionsOf(options)}
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {optionsOf(group.options)}
          </optgroup>
        ))}
      </select>
    </span>
  );
}

interface SliderProps<G extends Group> extends Named<G> {
  testid?: string;
  disabled?: boolean;
  /** What stands beside the number, for example a count of units. */
  beside?: ComponentChildren;
  marks?: readonly { value: number; label: string }[];
  /** While it is dragged; without it every movement sets the value. */
  onDrag?: (value: number) => void;
  onRelease?: (value: number) => void;
}

/** A number between two ends worth seeing, with marks that can be pressed. */
export function Slider<G extends Group>(props: SliderProps<G>) {
  return (
    <Single name={`${props.group}.${props.name}`}>
      <Slid {...props} />
    </Single>
  );
}

function Slid<G extends Group>(props: SliderProps<G>) {
  const { value, set, about } = useControl(props);
  const id = useId();
  const number = Number(value);
  const most = about.shown ?? about.max ?? 1;
  const least = about.min ?? 0;
  const place = (at: number) => `${(100 * (Math.min(at, most) - least)) / (most - least)}%`;
  const marks = props.marks ?? about.marks ?? [];
  /** A mark leans away from one close to its right, and from the end of the track. */
  const lean = (index: number) => {
    const [at, next] = [marks[index]?.value ?? 0, marks[index + 1]?.value];
    const crowded = next === undefined ? at >= most : next - at < 0.2 * (most - least);
    return crowded ? '75%' : '50%';
  };
  const choose = (next: number) => {
    set(next);
    props.onRelease?.(next);
  };
  return (
    <div class="slider" title={about.help}>
      <Row label={about.label} id={id} className={about.unit ? 'with-unit' : ''}>
        <span class="value">
          <NumberInput
            label={`${about.label}, exact`}
            value={number}
            about={about}
            onValue={choose}
          />
          {about.unit && <span class="unit"> {about.unit}</span>}
          {props.beside}
        </span>
      </Row>
      <div class="track">
        <input
          type="range"
          id={id}
          data-testid={props.testid}
          min={least}
          max={most}
          step={about.step ?? 1}
          value={number}
          disabled={props.disabled}
          style={{ '--share': place(number) }}
          onInput={(event) => {
            const next = Number(event.currentTarget.value);
            set(next);
            props.onDrag?.(next);
          }}
          onChange={(event) => props.onRelease?.(Number(event.currentTarget.value))}
        />
        {marks.length > 0 && (
          <div class="marks">
            {marks.map((mark, index) => (
              <button
                key={mark.value}
                type="button"
                style={{ insetInlineStart: place(mark.value), '--lean': lean(index) }}
                disabled={props.disabled}
                aria-label={`${about.label} ${mark.label}`}
                onClick={() => choose(mark.value)}
              >
                {mark.label}
              </button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
