/** The ten probabilities, of the image and of its adversarial example. */
import { percent } from '../plots/measured';
import { explains, walked } from './parts/explained';
import { shown } from './parts/shown';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

export function Output() {
  const now = shown.value;
  const [before, after] = [now?.clean.probabilities ?? [], now?.attacked.probabilities ?? []];
  const said = now
    ? `Clean image: read as ${now.clean.digit}. Adversarial image: read as ${now.attacked.digit}. ` +
      DIGITS.map(
        (digit) =>
          `${digit}: ${percent(before[digit] ?? 0)} and ${percent(after[digit] ?? 0)} per cent`,
      ).join('; ')
    : 'Nothing read yet';
  return (
    <section class="output" aria-labelledby="output-title">
      <h3 id="output-title">output</h3>
      <p class="heard">{said}</p>
      <div class="digits" {...(now ? walked('How sure the network is of each digit') : {})}>
        {DIGITS.map((digit) => {
          const [clean, adversarial] = [before[digit] ?? 0, after[digit] ?? 0];
          return (
            <div
              key={digit}
              class={`digit ${now?.label === digit ? 'true' : ''}`}
              {...(now ? explains('output', digit) : {})}
            >
              <span class="name">{digit}</span>
              <span class="bars">
                <span class="bar clean" style={{ width: `${clean * 100}%` }} />
                <span class="bar attacked" style={{ width: `${adversarial * 100}%` }} />
              </span>
            </div>
          );
        })}
      </div>
      <p class="legend small">
        <span class="clean">clean</span> <span class="attacked">attacked</span>
      </p>
    </section>
  );
}
