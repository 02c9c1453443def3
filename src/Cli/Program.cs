using System.CommandLine;
using UdsBroker.Cli;
using UdsBroker.Cli.Commands;

var root = new RootCommand("Publish, subscribe and look around on a UdsBroker of this host.")
{
    ClientSettings.Socket,
    ClientSettings.Name,
    ClientSettings.Unverified,
    PubCommand.Create(),
    SubCommand.Create(),
    GetCommand.Create(),
    RequestCommand.Create(),
    ServeCommand.Create(),
    SendCommand.Create(),
    InboxCommand.Create(),
    PingCommand.Create(),
    ClientsCommand.Create(),
    WaitCommand.Create(),
    StatsCommand.Create(),
    KickCommand.Create(),
    DrainCommand.Create(),
    AclCommand.Create(),
};
VersionText.Install(root);

// Without response files: '@' begins an address of the abstract namespace, and perhaps a payload.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
var isUsageError = parsed.Errors.Count > 0;
var exitCode = await parsed.InvokeAsync().ConfigureAwait(false);
return isUsageError ? ExitCodes.Usage : exitCode;
