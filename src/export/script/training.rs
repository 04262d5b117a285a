//! A training of the recipe as the script does it: the same settings, other random numbers.

use super::fill;
use crate::network::Init;
use crate::recipe::{NetworkParams, Recipe, Step};
use crate::train::{Adversary, OptimiserName, Origin, TrainParams};
use crate::words::number;

const TRAINING: &str = include_str!("../python/training.py");
const TRADES: &str = include_str!("../python/trades.py");

const OPTION: &str = "    parser.add_argument(\"--train\", action=\"store_true\")\n";
const RUN: &str = "    if options.train:
        right = int((read(trained(options.folder), x) == y).sum())
        print(f\"A network trained here by the same settings reads {right} of {len(x)} right.\")
";

/// What of the script is there because the recipe trains from fresh weights.
#[derive(Default)]
pub(super) struct Trained {
    pub usage: String,
    pub function: String,
    pub option: &'static str,
    pub run: &'static str,
}

impl Trained {
    /// Of a recipe, of which the script is called with `folder`. Nothing where the network is from
    /// a file and nobody knows how it was trained.
    pub fn of(recipe: &Recipe, folder: &str) -> Self {
        let Some(params) = last_training(recipe) else {
            return Trained { usage: folder.into(), ..Trained::default() };
        };
        Trained {
            usage: [folder, " [--train]"].concat(),
            function: training(&recipe.network, params),
            option: OPTION,
            run: RUN,
        }
    }
}

/// The last training from fresh weights; the usual one where no step has been taken yet.
fn last_training(recipe: &Recipe) -> Option<TrainParams> {
    let from_scratch = recipe.steps.iter().rev().find_map(|step| match step {
        Step::Train(params) if params.from == Origin::Scratch => Some(*params),
        _ => None,
    });
    let is_from_file = matches!(recipe.steps.first(), Some(Step::File { .. }));
    from_scratch.or_else(|| (!is_from_file).then(TrainParams::default))
}

/// The function that trains.
fn training(network: &NetworkParams, params: TrainParams) -> String {
    let TrainParams { rate, decay, steps, ramp, beta, .. } = params;
    let [rate, decay, beta] = [rate, decay, beta].map(number);
    let optimiser = match params.optimiser {
        OptimiserName::Adam => ["Adam(network.parameters(), lr=", &rate, ", weight_decay=", &decay],
        OptimiserName::Sgd => ["SGD(network.parameters(), lr=", &rate, ", weight_decay=", &decay],
    };
    let momentum = match params.optimiser {
        OptimiserName::Adam => ")".into(),
        OptimiserName::Sgd => [", momentum=", &number(params.momentum), ")"].concat(),
    };
    let eps = match ramp {
        0 => number(params.eps),
        _ => format!("{} * min(1, epoch / {ramp})", number(params.eps)),
    };
    let size = ["            eps = ", &eps, "\n"].concat();
    let usual = "            loss = F.cross_entropy(network(pixels), labels)";
    let attacked = |steps: &str| {
        let call = "            pixels, _ = descent(network, pixels, labels, eps, ";
        [&size, call, steps, ", True)\n", usual].concat()
    };
    let loss = match params.against {
        Adversary::None => usual.into(),
        Adversary::Fgsm => attacked("1, 1.25 * eps"),
        Adversary::Pgd => attacked(&format!("{steps}, 2.5 * eps / {steps}")),
        Adversary::Trades => [
            &size,
            "            points = apart(network, pixels, eps, ",
            &steps.to_string(),
            ")\n",
            usual,
            "\n            loss = loss + ",
            &beta,
            " * divergence(network, pixels, points, \"batchmean\")",
        ]
        .concat(),
    };
    let before = if params.against == Adversary::Trades { TRADES } else { "" };
    let gaps = [
        ("BEFORE", before.into()),
        ("IMAGES", params.images.to_string()),
        ("INIT", init(network.init)),
        ("OPTIMISER", optimiser.concat() + &momentum),
        ("EPOCHS", params.epochs.to_string()),
        ("BATCH", params.batch.to_string()),
        ("LOSS", loss),
    ];
    fill(TRAINING, &gaps)
}

/// How the first weights are drawn; `nn.Linear` draws as [`Init::Torch`] does.
fn init(init: Init) -> String {
    let draw = match init {
        Init::Torch => return String::new(),
        Init::He => "kaiming_normal_(layer.weight, nonlinearity=\"relu\")",
        Init::HeUniform => "kaiming_uniform_(layer.weight, nonlinearity=\"relu\")",
        Init::Glorot => "xavier_normal_(layer.weight)",
        Init::GlorotUniform => "xavier_uniform_(layer.weight)",
    };
    [
        "    for layer in network.layers:\n        nn.init.",
        draw,
        "\n        nn.init.zeros_(layer.bias)\n",
    ]
    .concat()
}
