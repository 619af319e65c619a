"""The only code that knows SpiffWorkflow: from BPMN XML to steps of a running instance, and drawings."""
