//! The attack of a recipe as the script runs it: by hand, and by torchattacks.

use super::fill;
use crate::attack::{AttackParams, Method, Norm, Start};
use crate::words::number;

const DESCENT: &str = include_str!("../python/descent.py");

/// How many images may be read otherwise than here, as the script names it: none is said where the
/// attacks are not the same.
const FEW: &str = "few";
const SOME: &str = "some";
const ANY: &str = "None";

/// Projected gradient descent in a norm, as a function of the script.
pub(super) fn descent(norm: Norm) -> String {
    let (name, words, start, confined, climbed) = match norm {
        Norm::Linf => (
            "descent",
            "Projected gradient descent in L∞",
            "        point = x + eps * (2 * torch.rand_like(x) - 1)",
            "        point = torch.minimum(torch.maximum(point, x - eps), x + eps).clamp(0, 1)",
            "            point = point + step * slope.sign()",
        ),
        Norm::L2 => (
            "descent_l2",
            "The same in L2",
            "        way = torch.randn_like(x)\n        \
             size = eps * torch.rand(len(x), 1, 1, 1) / torch.linalg.vector_norm(way, dim=(1, 2, 3), keepdim=True)\n        \
             point = x + size * way",
            "        change = point.clamp(0, 1) - x\n        \
             size = torch.linalg.vector_norm(change, dim=(1, 2, 3), keepdim=True).clamp(min=1e-12)\n        \
             point = (x + change * (eps / size).clamp(max=1)).clamp(0, 1)",
            "            size = torch.linalg.vector_norm(slope, dim=(1, 2, 3), keepdim=True)\n            \
             point = point + step * slope / size.clamp(min=1e-12)",
        ),
        Norm::L1 => (
            "descent_l1",
            "The same in L1, a step spread over the eight steepest pixels",
            "        way = torch.randn_like(x)\n        \
             size = eps * torch.rand(len(x), 1, 1, 1) / way.abs().sum((1, 2, 3), keepdim=True)\n        \
             point = x + size * way",
            "        change = (point.clamp(0, 1) - x).flatten(1)\n        \
             # The nearest point of the ball: all changes less the same λ (Duchi et al. 2008).\n        \
             falling = change.abs().sort(descending=True).values\n        \
             count = torch.arange(1, 785)\n        \
             less = (falling.cumsum(1) - eps) / count\n        \
             last = (falling > less).sum(1, keepdim=True) - 1\n        \
             shorter = (change.abs() - less.gather(1, last).clamp(min=0)).clamp(min=0)\n        \
             point = x + (change.sign() * shorter).reshape(x.shape)",
            "            stuck = ((slope > 0) & (point >= 1)) | ((slope < 0) & (point <= 0))\n            \
             steepest = slope.masked_fill(stuck, 0).flatten(1)\n            \
             first = steepest.abs().topk(8).indices\n            \
             signs = steepest.gather(1, first).sign() * step / 8\n            \
             point = point + torch.zeros_like(steepest).scatter(1, first, signs).reshape(x.shape)",
        ),
    };
    let gaps = [
        ("DESCENT", name),
        ("WORDS", words),
        ("START", start),
        ("CONFINED", confined),
        ("CLIMBED", climbed),
    ];
    fill(DESCENT, &gaps.map(|(name, value)| (name, value.into())))
}

/// Steps, their length and whether it starts at random: what a descent is told behind the size.
pub(super) fn steps(attack: &AttackParams) -> String {
    let (steps, step, random) = match attack.method {
        Method::Fgsm => (1, attack.eps, false),
        Method::Bim | Method::Pgd => {
            let random = attack.method == Method::Pgd && attack.start == Start::Random;
            (attack.steps, length(attack), random)
        }
        // What stands for all others.
        _ => (STRONG, 2.5 * attack.eps / STRONG as f64, true),
    };
    format!("{steps}, {}, {}", number(step), if random { "True" } else { "False" })
}

/// Steps of the descent that stands for what is not written out.
const STRONG: usize = 40;

/// The length of a step of PGD.
fn length(attack: &AttackParams) -> f64 {
    let usual = 2.5 * attack.eps / attack.steps as f64;
    if attack.step == 0.0 { usual } else { attack.step }
}

/// The attack in a few lines of PyTorch.
pub(super) struct Hand {
    pub norm: Norm,
    pub words: &'static str,
    pub name: &'static str,
    pub body: String,
    pub room: &'static str,
}

impl Hand {
    pub fn of(attack: &AttackParams) -> Self {
        use Method::{Bim, Fgsm, Gaussian, Noise, Pgd, Uniform};
        let AttackParams { method, norm, .. } = *attack;
        let aimed = attack.target >= 0;
        let (words, told, room) = match method {
            Noise | Uniform | Gaussian => {
                ("Noise as large as the ball allows, blind to the network.", "noise", SOME)
            }
            _ if aimed => (
                "The recipe's attack aims at one digit; this one, PGD, at any wrong one.",
                "PGD at any digit",
                ANY,
            ),
            // Which pixels share the step is another's choice there.
            Fgsm | Bim | Pgd if norm == Norm::L1 => {
                ("PGD in L1, nearly as Secateurs has it.", "PGD by hand", ANY)
            }
            Fgsm => ("FGSM: one step of full size.", "FGSM by hand", FEW),
            Bim => ("BIM: small steps from the image itself.", "BIM by hand", FEW),
            Pgd if attack.start == Start::Image => {
                ("PGD from the image itself.", "PGD by hand", FEW)
            }
            Pgd => ("PGD as Secateurs counts it: every look is judged.", "PGD by hand", SOME),
            _ => (
                "The recipe's attack is too long to be written out here: PGD stands for it.",
                "PGD by hand",
                ANY,
            ),
        };
        let once = match method {
            Noise | Uniform | Gaussian => blind(method, norm),
            _ => {
                let name = match norm {
                    Norm::Linf => "descent",
                    Norm::L2 => "descent_l2",
                    Norm::L1 => "descent_l1",
                };
                let call = [name, "(network, x, y, EPS, ", &steps(attack), ")"].concat();
                if tries(attack) == 1 {
                    let body = ["    return ", &call].concat();
                    return Hand { norm, words, name: told, body, room };
                }
                ["    points, right = ", &call, "\n"].concat()
            }
        };
        Hand { norm, words, name: told, body: repeated(&once, tries(attack)), room }
    }
}

/// Noise that is blind to the network.
fn blind(method: Method, norm: Norm) -> String {
    let draw = match method {
        Method::Noise => "torch.randn_like(x).sign()",
        Method::Uniform => "2 * torch.rand_like(x) - 1",
        _ => "torch.randn_like(x)",
    };
    let scaled = match (norm, method) {
        (Norm::Linf, Method::Gaussian) => "(EPS / 2 * way).clamp(-EPS, EPS)",
        (Norm::Linf, _) => "EPS * way",
        (Norm::L2, _) => "EPS * way / torch.linalg.vector_norm(way, dim=(1, 2, 3), keepdim=True)",
        (Norm::L1, _) => "EPS * way / way.abs().sum((1, 2, 3), keepdim=True)",
    };
    [
        "    way = ",
        draw,
        "\n    points = (x + ",
        scaled,
        ").clamp(0, 1)\n    right = (read(network, x) == y) & (read(network, points) == y)\n",
    ]
    .concat()
}

/// How often the recipe's attack is tried from another random point.
fn tries(attack: &AttackParams) -> usize {
    let random = match attack.method {
        Method::Pgd => attack.start == Start::Random,
        method => method.facts().usual("restarts").is_some(),
    };
    if random { attack.restarts } else { 1 }
}

/// An attack tried so often: a point that fools is kept.
fn repeated(once: &str, tries: usize) -> String {
    if tries == 1 {
        return [once, "    return points, right"].concat();
    }
    let inner: String = once.lines().map(|line| ["    ", line, "\n"].concat()).collect();
    [
        "    found, robust = x, read(network, x) == y\n    for _ in range(",
        &tries.to_string(),
        "):\n",
        &inner,
        "        fooled = (read(network, found) != y).reshape(-1, 1, 1, 1)\n        \
         found, robust = torch.where(fooled, found, points), robust & right\n    \
         return found, robust",
    ]
    .concat()
}

/// The attack as torchattacks has it.
pub(super) struct Packaged {
    pub words: String,
    pub body: String,
    /// The lines of the script's main that print it.
    pub told: String,
}

impl Packaged {
    pub fn of(attack: &AttackParams) -> Self {
        let Some((made, words, name, room)) = in_package(attack) else {
            let label = attack.method.facts().label;
            let why = if attack.target >= 0 { "aimed at a digit" } else { attack.norm.label() };
            let words = format!("torchattacks has no {label} like the recipe's ({why}).");
            return Packaged {
                told: ["    print(", &super::quoted(&words), ")"].concat(),
                body: "    raise NotImplementedError".into(),
                words,
            };
        };
        let tried = "(read(network, attack(x, y)) == y)";
        let found = match attack.method {
            // They look for the smallest perturbation, whatever the ball.
            Method::Deepfool | Method::Cw | Method::FabT => {
                let size = match attack.norm {
                    Norm::Linf => "(points - x).abs().amax((1, 2, 3))",
                    _ => "torch.linalg.vector_norm(points - x, dim=(1, 2, 3))",
                };
                [
                    "    points = attack(x, y)\n    outside = ",
                    size,
                    " > 1.0001 * EPS\n    \
                     return (read(network, x) == y) & ((read(network, points) == y) | outside)",
                ]
                .concat()
            }
            Method::Pgd if attack.restarts > 1 => [
                "    right = read(network, x) == y\n    for _ in range(",
                &attack.restarts.to_string(),
                "):\n        right = right & ",
                tried,
                "\n    return right",
            ]
            .concat(),
            _ => ["    return (read(network, x) == y) & ", tried].concat(),
        };
        let body = ["    attack = torchattacks.", &made, "\n", &found].concat();
        let told = [
            "    if torchattacks:\n        robust = int(by_torchattacks(network, x, y).sum())\n        \
             near.append(told(\"re-attacked, torchattacks' ",
            name,
            "\", robust, OURS[\"again\"], ",
            room,
            "))\n    else:\n        print(\"torchattacks is not installed.\")",
        ]
        .concat();
        Packaged { words: words.into(), body, told }
    }
}

/// How torchattacks is asked for the attack, in words what differs, its name there, and how far
/// the figures may lie apart; nothing if it has no such attack.
fn in_package(attack: &AttackParams) -> Option<(String, &'static str, &'static str, &'static str)> {
    let AttackParams { method, norm, steps, restarts, tuning, .. } = *attack;
    if attack.target >= 0 {
        return None;
    }
    let norm = match norm {
        Norm::Linf => "Linf",
        Norm::L2 => "L2",
        Norm::L1 => return None,
    };
    let alpha = number(length(attack));
    let start = if attack.start == Start::Random { "True" } else { "False" };
    let ball = format!("network, norm=\"{norm}\", eps=EPS");
    Some(match (method, norm) {
        (Method::Fgsm, "Linf") => {
            ("FGSM(network, eps=EPS)".into(), "torchattacks' FGSM.", "FGSM", FEW)
        }
        (Method::Bim, "Linf") => (
            format!("BIM(network, eps=EPS, alpha={alpha}, steps={steps})"),
            "torchattacks' BIM, which judges its last point alone.",
            "BIM",
            SOME,
        ),
        (Method::Pgd, "Linf") => (
            format!("PGD(network, eps=EPS, alpha={alpha}, steps={steps}, random_start={start})"),
            "torchattacks' PGD, which judges its last point alone.",
            "PGD",
            SOME,
        ),
        (Method::Pgd, _) => (
            format!("PGDL2(network, eps=EPS, alpha={alpha}, steps={steps}, random_start={start})"),
            "torchattacks' PGD in L2, which judges its last point alone.",
            "PGDL2",
            SOME,
        ),
        (Method::Mifgsm, _) => {
            let published = attack.eps / steps as f64;
            let alpha = number(if attack.step == 0.0 { published } else { attack.step });
            (
                format!("MIFGSM(network, eps=EPS, alpha={alpha}, steps={steps})"),
                "torchattacks' MI-FGSM.",
                "MIFGSM",
                SOME,
            )
        }
        (Method::Autoattack, _) => (
            format!("AutoAttack({ball}, n_classes=10)"),
            "torchattacks' AutoAttack: minutes for every thousand images.",
            "AutoAttack",
            SOME,
        ),
        (Method::ApgdCe, _) => (
            format!("APGD({ball}, steps={steps}, n_restarts={restarts}, loss=\"ce\")"),
            "torchattacks' Auto-PGD on the cross-entropy.",
            "APGD",
            SOME,
        ),
        (Method::ApgdDlr, _) => (
            format!("APGD({ball}, steps={steps}, n_restarts={restarts}, loss=\"dlr\")"),
            "torchattacks' Auto-PGD on the difference of logits ratio.",
            "APGD",
            SOME,
        ),
        (Method::ApgdT, _) => (
            format!("APGDT({ball}, steps={steps}, n_restarts={restarts}, n_classes=10)"),
            "torchattacks' targeted Auto-PGD.",
            "APGDT",
            SOME,
        ),
        (Method::FabT, _) => (
            format!(
                "FAB({ball}, steps={steps}, n_restarts={restarts}, multi_targeted=True, \
                 n_classes=10)"
            ),
            "torchattacks' FAB; what lies outside the ball does not count.",
            "FAB",
            SOME,
        ),
        (Method::Square, _) => (
            format!("Square({ball}, n_queries={steps}, n_restarts={restarts})"),
            "torchattacks' Square.",
            "Square",
            SOME,
        ),
        (Method::Deepfool, "L2") => (
            format!("DeepFool(network, steps={steps}, overshoot={})", number(tuning.overshoot)),
            "torchattacks' DeepFool, which stops at other points; outside the ball nothing counts.",
            "DeepFool",
            ANY,
        ),
        (Method::Cw, _) => (
            format!("CW(network, c=1, steps={steps}, lr={})", number(attack.step)),
            "torchattacks' attack of Carlini & Wagner, which does not search for its constant.",
            "CW",
            ANY,
        ),
        _ => return None,
    })
}
