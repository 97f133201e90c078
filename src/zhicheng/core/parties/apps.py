"""Django registration of `parties`."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Registers the sections of a pack, the embedded code sender, the identity provers, the register."""

    name = "zhicheng.core.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what plugs into registries."""
        from zhicheng.core.parties.contrib.demo_prover import DemoProver
        from zhicheng.core.parties.contrib.demo_register import DemoCompanyRegister
        from zhicheng.core.parties.contrib.file_sender import send_to_file
        from zhicheng.core.parties.contrib.http_prover import HttpProver
        from zhicheng.core.parties.registry import code_senders, company_registers, identity_provers
        from zhicheng.core.parties.sections import register

        register()
        if "file" not in code_senders:
            code_senders.add("file", send_to_file)
        for code, prover in (("demo", DemoProver()), ("http", HttpProver())):
            if code not in identity_provers:
                identity_provers.add(code, prover)
        if "demo" not in company_registers:
            company_registers.add("demo", DemoCompanyRegister())
