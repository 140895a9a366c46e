"""The sagemaker stack: a training pipeline on AWS whose models Azure can read."""
