#!/bin/sh
# From the verdicts of users to a reader of one's own. Without arguments all steps, else those that are named:
#
#     sh train.sh [export] [tune] [prepare] [train] [calibrate] [evaluate]
#
# Environment: FEEDBACK, KB and HELD_OUT name the verdicts, the index and labelled questions on documents that are not trained on; WORK is
# the folder of everything that is made; MODEL is the reader to start from (in a checkout: models/default).
set -eu

: "${FEEDBACK:=feedback.ndjson}" "${KB:=kb}" "${HELD_OUT:=held-out.json}" "${WORK:=work}" "${MODEL:=models/default}" "${EPOCHS:=2}"

# What users said of answers, as labelled questions.
step_export() {
  verbatim feedback export --feedback "$FEEDBACK" --index "$KB" --out "$WORK/questions.json"
}

# When to answer. Often this is enough: a minute's work, no new weights.
step_tune() {
  verbatim tune "$WORK/questions.json" --index "$KB" --out "$WORK/profile.json"
}

step_prepare() {
  cat > "$WORK/recipe.toml" <<'RECIPE'
[[source]]
file = "questions.json"
licence = "not stated"
answerable = 1
unanswerable = 1
preamble_share = 0.5
RECIPE
  python3 -m verbatim_training prepare "$WORK/recipe.toml" --tokenizer "$MODEL" --out "$WORK/prepared"
}

# Stopped and started again, it goes on where it was.
step_train() {
  python3 -m verbatim_training train --data "$WORK/prepared" --init "$MODEL" --out "$WORK/run" --epochs "$EPOCHS" --learning-rate 2e-5
  python3 -m verbatim_training export --model "$WORK/run" --out "$WORK/reader" --samples "$HELD_OUT"
}

step_calibrate() {
  python3 -m verbatim_training calibrate --model "$WORK/reader" --data "$HELD_OUT" --unanswerable-share 0.5
}

# Is the new reader better than the old one? On questions that neither training nor calibration has seen, give another HELD_OUT.
step_evaluate() {
  verbatim eval "$HELD_OUT" --mode open --index "$KB" --model "$MODEL" --json > "$WORK/before.json"
  verbatim eval "$HELD_OUT" --mode open --index "$KB" --model "$WORK/reader" --json > "$WORK/after.json"
  verbatim eval --compare "$WORK/before.json" "$WORK/after.json"
}

[ $# -gt 0 ] || set -- export tune prepare train calibrate evaluate
for step in "$@"; do
  case $step in
    export | tune | prepare | train | calibrate | evaluate) ;;
    *)
      echo "train.sh: Expected export, tune, prepare, train, calibrate or evaluate, got $step." >&2
      exit 2
      ;;
  esac
done
mkdir -p "$WORK"
for step in "$@"; do
  echo "== $step" >&2
  "step_$step"
done
