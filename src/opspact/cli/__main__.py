from opspact.cli.main import main

main()
