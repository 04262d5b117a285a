/** A question put before the answer: choose, set a number, or draw a curve. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Draw } from './Draw';
import type { Answer, Choose, Prediction, SetNumber } from './types';

type Ask<P> = { asked: P; onAnswer: (answer: Answer) => void };

function Options({ asked, onAnswer }: Ask<Choose>) {
  const name = useId();
  const chosen = useSignal<string | null>(null);
  return (
    <>
      <div class="options">
        {asked.options.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={chosen.value === value}
              onChange={() => {
                chosen.value = value;
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <div class="buttons">
        <button
          type="button"
          class="button main"
          data-testid="predict"
          disabled={chosen.value === null}
          onClick={() => chosen.value !== null && onAnswer(chosen.value)}
        >
          {chosen.value === null ? 'Choose one' : 'This is my guess'}
        </button>
      </div>
    </>
  );
}

function NumberSlider({ asked, onAnswer }: Ask<SetNumber>) {
  const id = useId();
  const value = useSignal(asked.from);
  const touched = useSignal(false);
  return (
    <>
      <div class="guess">
        <label class="heard" for={id}>
          Your prediction, in per cent
        </label>
        <input
          id={id}
          type="range"
          data-testid="predict-number"
          min={0}
          max={100}
          step={1}
          value={value.value}
          style={{ '--share': `${value.value}%` }}
          aria-valuetext={`${value.value} per cent`}
          onInput={(event) => {
            value.value = Number(event.currentTarget.value);
            touched.value = true;
          }}
          onPointerUp={() => {
            touched.value = true;
          }}
        />
        <output for={id}>
          {touched.value ? value.value : '?'}
          <span class="muted"> %</span>
        </output>
      </div>
      <div class="buttons">
        <button
          type="button"
          class="button main"
          data-testid="predict"
          disabled={!touched.value}
          onClick={() => onAnswer(value.value)}
        >
          {touched.value ? `I say ${value.value} %` : 'Move the slider'}
        </button>
      </div>
    </>
  );
}

export function Predict({
  asked,
  onAnswer,
}: {
  asked: Prediction;
  /** Null: to be shown without a prediction. */
  onAnswer: (answer: Answer | null) => void;
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend cannot be laid out as the question is
    <div class="predict" role="group" aria-labelledby={id} data-testid="prediction">
      <p class="tag">Your prediction first</p>
      <p class="ask" id={id}>
        {asked.ask}
      </p>
      {asked.kind === 'choose' && <Options asked={asked} onAnswer={onAnswer} />}
      {asked.kind === 'number' && <NumberSlider asked={asked} onAnswer={onAnswer} />}
      {asked.kind === 'curve' && <Draw asked={asked} onAnswer={onAnswer} />}
      <button
        type="button"
        class="link small muted"
        data-testid="show-without"
        onClick={() => onAnswer(null)}
      >
        Show without predicting
      </button>
    </div>
  );
}
