"""The pages of each subject, one module each with its `urlpatterns`; `contract_urls` mounts them all."""
