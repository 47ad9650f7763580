"""Training of Verbatim's extractive SQuAD2 reader: prepare, train, distil, evaluate, calibrate, export."""
