"""Who exists: principals of the platform on Azure, Entra and AWS."""
