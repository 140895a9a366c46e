"""The sandbox: simulated Azure Resource Manager, Entra and AWS that the real Pulumi engine attaches to."""
