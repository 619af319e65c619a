"""The only code that knows SpiffWorkflow: from BPMN XML to running instances, and drawings."""
