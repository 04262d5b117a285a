/** Whose formulas they are. */

export interface Source {
  who: string;
  title: string;
  /** Section or equation. */
  where: string;
  /** Where it can be read. */
  link: string;
}

const arxiv = (number: string) => `https://arxiv.org/abs/${number}`;
const doi = (name: string) => `https://doi.org/${name}`;

export const SOURCES = {
  agresti: {
    who: 'Agresti & Min 2005; Agresti & Caffo 2000',
    title: 'Simple improved confidence intervals for comparing matched proportions',
    where: 'adjusted Wald interval',
    link: doi('10.1002/sim.1781'),
  },
  allenZhu: {
    who: 'Allen-Zhu & Li 2021',
    title: 'Feature purification: how adversarial training performs robust deep learning',
    where: '',
    link: arxiv('2005.10190'),
  },
  athalye: {
    who: 'Athalye, Carlini & Wagner 2018',
    title: 'Obfuscated gradients give a false sense of security',
    where: 'section 3.1',
    link: arxiv('1802.00420'),
  },
  biggio: {
    who: 'Biggio & Roli 2018',
    title: 'Wild patterns: ten years after the rise of adversarial machine learning',
    where: 'section 4',
    link: arxiv('1712.03141'),
  },
  carlini: {
    who: 'Carlini et al. 2019',
    title: 'On evaluating adversarial robustness',
    where: 'section 5',
    link: arxiv('1902.06705'),
  },
  crown: {
    who: 'Zhang et al. 2018 (CROWN)',
    title: 'Efficient neural network robustness certification with general activation functions',
    where: 'section 3.2',
    link: arxiv('1811.00866'),
  },
  dong: {
    who: 'Dong et al. 2018',
    title: 'Boosting adversarial attacks with momentum',
    where: '',
    link: arxiv('1710.06081'),
  },
  goodfellow: {
    who: 'Goodfellow, Shlens & Szegedy 2015',
    title: 'Explaining and harnessing adversarial examples',
    where: 'section 4',
    link: arxiv('1412.6572'),
  },
  gowal: {
    who: 'Gowal et al. 2018',
    title:
      'On the effectiveness of interval bound propagation for training verifiably robust models',
    where: 'section 3',
    link: arxiv('1810.12715'),
  },
  jaccard: {
    who: 'Jaccard 1901',
    title: 'Étude comparative de la distribution florale',
    where: '',
    link: doi('10.5169/seals-266450'),
  },
  kendall: {
    who: 'Kendall & Babington Smith 1939',
    title: 'The problem of m rankings',
    where: '',
    link: doi('10.1214/aoms/1177732186'),
  },
  kurakin: {
    who: 'Kurakin, Goodfellow & Bengio 2017',
    title: 'Adversarial examples in the physical world',
    where: 'section 2.2',
    link: arxiv('1607.02533'),
  },
  madaan: {
    who: 'Madaan, Shin & Hwang 2020',
    title: 'Adversarial neural pruning with latent vulnerability suppression',
    where: 'section 3',
    link: arxiv('1908.04355'),
  },
  madry: {
    who: 'Madry et al. 2018',
    title: 'Towards deep learning models resistant to adversarial attacks',
    where: 'section 2.1',
    link: arxiv('1706.06083'),
  },
  newcombe: {
    who: 'Newcombe 1998',
    title: 'Interval estimation for the difference between independent proportions',
    where: 'method 10',
    link: doi('10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I'),
  },
  spearman: {
    who: 'Spearman 1904',
    title: 'The proof and measurement of association between two things',
    where: '',
    link: doi('10.2307/1412159'),
  },
  student: {
    who: 'Student 1908',
    title: 'The probable error of a mean',
    where: '',
    link: doi('10.1093/biomet/6.1.1'),
  },
  wilson: {
    who: 'Wilson 1927',
    title: 'Probable inference, the law of succession, and statistical inference',
    where: '',
    link: doi('10.1080/01621459.1927.10502953'),
  },
  wong: {
    who: 'Wong, Rice & Kolter 2020',
    title: 'Fast is better than free: revisiting adversarial training',
    where: 'section 5.4',
    link: arxiv('2001.03994'),
  },
  yule: {
    who: 'Yule 1907',
    title: 'On the theory of correlation for any number of variables',
    where: '',
    link: doi('10.1098/rspa.1907.0028'),
  },
} satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;
