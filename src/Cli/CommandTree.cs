using System.CommandLine;
using System.CommandLine.Help;
using UdsBroker.Cli.Commands;
using UdsBroker.Cli.Options;

namespace UdsBroker.Cli;

/// <summary>All commands of <c>udsb</c>, and how a command line is read.</summary>
internal static class CommandTree
{
    internal static RootCommand Create()
    {
        var root = new RootCommand($"Publish, subscribe and look around on a UdsBroker of this host.\n\n{ExitCodes.Summary}")
        {
            ClientSettings.Socket,
            ClientSettings.Name,
            ServerUserOption.Option,
            ClientSettings.Unverified,
            ClientSettings.Patience,
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
        LeaveSlashesToPayloads(root);
        Flags.TakeNoValue(root);
        return root;
    }

    internal static ParseResult Read(RootCommand root, IReadOnlyList<string> arguments)
    {
        var parsed = Parse(root, arguments);
        var command = parsed.CommandResult.Command;
        var problem = Flags.FindValued(command, arguments) is { } valued ? $"{valued.Split('=')[0]} takes no value, as in '{valued}': it is there or not"
            : MistypedOption.FindProblem(parsed);
        if (problem is null) return parsed;
        command.Validators.Insert(0, result => result.AddError(problem));
        return Parse(root, arguments);
    }

    // /h and /? ask for help on another system. Here they would make nothing of a payload that is one of them.
    private static void LeaveSlashesToPayloads(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var alias in help.Aliases.Where(alias => alias.StartsWith('/')).ToList()) help.Aliases.Remove(alias);
    }

    // Without response files: '@' begins an address of the abstract namespace, and perhaps a payload.
    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> arguments) => root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
}
