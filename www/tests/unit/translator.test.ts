import { describe, expect, it } from 'vitest';
import { chosen } from '../../src/words/languages';
import { pseudo } from '../../src/words/pseudo';
import { Translator } from '../../src/words/translator';

const german = new Translator(
  {
    Clean: 'Sauber',
    'at once': 'auf einmal',
    'hidden units': 'verdeckte Neuronen',
    '{0} of {1} images': '{1} Bilder, davon {0}',
    'cut {0} % of {1}': '{0} % der {1} gekappt',
    'in {0} steps': 'in {0} Schritten',
    Dismiss: '',
  },
  'de',
);

describe('Translator', () => {
  it('says whole texts, and leaves what it does not know', () => {
    expect(german.say('Clean')).toBe('Sauber');
    expect(german.say(' Clean ')).toBe(' Sauber ');
    expect(german.tell('Unknown words')).toEqual({ text: 'Unknown words', whole: false });
    expect(german.say('Dismiss')).toBe('Dismiss');
  });

  it('sets numbers and names into the text, in the order and the writing of the language', () => {
    expect(german.say('1,234 of 60,000 images')).toBe('60.000 Bilder, davon 1.234');
    expect(german.say('cut 2.5 % of hidden units')).toBe('2,5 % der verdeckte Neuronen gekappt');
    expect(german.say('97.6')).toBe('97,6');
  });

  it('keeps elements, which stand for themselves', () => {
    expect(german.say('\ue000 of \ue002 images')).toBe('\ue002 Bilder, davon \ue000');
  });

  it('takes apart what was put together', () => {
    expect(german.tell('cut 10 % of hidden units, in 3 steps, at once')).toEqual({
      text: '10 % der verdeckte Neuronen, in 3 Schritten, auf einmal gekappt',
      whole: true,
    });
  });

  it('is soon done with a long text that it does not know', () => {
    const general = Object.fromEntries(
      ['of', 'and', 'to', 'in'].map((word) => [`{0} ${word} {1}`, `{0} x {1}`]),
    );
    const text = 'this of that and these in those to them '.repeat(40);
    expect(new Translator(general, 'de').tell(text).whole).toBe(false);
  });
});

describe('the language', () => {
  const files = ['en', 'de', 'pt-BR'].map((name) => `../../words/${name}.json`);

  it('is the first wish that there is a file for', () => {
    expect(chosen(['de-CH', 'en'], files)).toBe('de');
    expect(chosen(['pt-BR'], files)).toBe('pt-BR');
    expect(chosen(['fr', 'en-GB', 'de'], files)).toBe('en');
    expect(chosen(['fr'], files)).toBe('en');
    expect(chosen(['en-XA'], files)).toBe('en-XA');
  });

  it('can be one that shows what no translation would reach', () => {
    expect(pseudo({ 'Cut {0} units': '' })).toEqual({ 'Cut {0} units': '⟦Çút {0} úñítš⟧' });
  });
});
