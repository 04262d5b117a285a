/**
 * Every type that crosses between Rust and the page is written once, in Rust, and read here from
 * what the build generates.
 */
export type {
  AttackBlock,
  AttackMethod,
  AttackSettings,
  ChunkInfo,
  Count,
  DataStatus,
  DistortionResult,
  GalleryItem,
  ImageAttack,
  ImageSet,
  Job,
  JobResult,
  NetworkFacts,
  ParsedLink,
  Progress,
  PruneSettings,
  Recipe,
  ScoreSettings,
  Scores,
  Step,
  TrainSettings,
  View,
} from '../generated/secateurs';
