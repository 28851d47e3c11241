"""What has to be done: pure rules from a job, what was seen and what is known, to steps and findings."""
