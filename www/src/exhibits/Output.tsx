/** The ten probabilities, of the image and of its adversarial example. */
import { percent } from '../plots/measured';
import { image } from '../state';
import { read } from './Equation';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

export function Output() {
  const attacked = image.value;
  const said = attacked
    ? `Clean image: read as ${read(attacked.clean)}. Adversarial image: read as ${read(attacked.attacked)}. ` +
      DIGITS.map(
        (digit) =>
          `${digit}: ${percent(attacked.clean[digit] ?? 0)} and ${percent(attacked.attacked[digit] ?? 0)} per cent`,
      ).join('; ')
    : 'Nothing read yet';
  return (
    <section class="output" aria-labelledby="output-title">
      <h3 id="output-title">output</h3>
      <div class="digits" role="img" aria-label={said}>
        {DIGITS.map((digit) => {
          const [clean, adversarial] = [
            attacked?.clean[digit] ?? 0,
            attacked?.attacked[digit] ?? 0,
          ];
          return (
            <div
              key={digit}
              class={`digit ${attacked?.label === digit ? 'true' : ''}`}
              title={
                attacked === null
                  ? undefined
                  : `${digit}: clean ${percent(clean)} %, attacked ${percent(adversarial)} %`
              }
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
