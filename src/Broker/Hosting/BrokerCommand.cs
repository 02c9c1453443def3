using System.CommandLine;
using Akka.Configuration;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Hosting;

/// <summary>
/// The command line of the broker, which only chooses settings. Any error in it or in the settings ends here, as one line on standard
/// error.
/// </summary>
internal sealed class BrokerCommand
{
    private readonly Option<string?> _socket = new("--socket")
    {
        Description = "Where to listen: the path of the listener 'main', or @name for the abstract namespace.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "A file of settings that differ from the defaults, in HOCON.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "One setting; may be given again. Wins over the file.",
        HelpName = "key=value",
    };

    private readonly Option<bool> _check = new("--check-config") { Description = "Read the settings, say ok or the one that is wrong, and start nothing." };

    private readonly Option<bool> _version = new("--version") { Description = "Show the versions of the broker and of the actor runtime." };

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Func<SettingsSource, BrokerSettings, Config, Task<int>> _serve;

    /// <summary>Creates the command.</summary>
    /// <param name="output">For what was asked for: help and version.</param>
    /// <param name="error">For what went wrong.</param>
    /// <param name="serve">Runs a broker to its end and returns the exit code.</param>
    public BrokerCommand(TextWriter output, TextWriter error, Func<SettingsSource, BrokerSettings, Config, Task<int>> serve)
    {
        _output = output;
        _error = error;
        _serve = serve;
    }

    /// <summary>Runs the command and returns the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // Without response files: '@' begins an address of the abstract namespace.
        var parsed = CreateRoot().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return Refuse($"{parsed.Errors[0].Message.TrimEnd('.')}; see udsbroker --help");
        using var asked = new StringWriter();
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = asked,
            Error = _error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals belong to the host
        }).ConfigureAwait(false);
        return Print(asked.ToString()) ? code : ExitCode.CannotStart;
    }

    private RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "The broker of UdsBroker: processes of one host publish and subscribe through it over Unix domain sockets. It runs in the foreground until SIGTERM or SIGINT.\n\n"
            + $"Exit codes: {ExitCode.Clean} ended in order; {ExitCode.CannotStart} it cannot start; {ExitCode.WrongSettings} a setting or an argument is wrong; {ExitCode.Fault} a fault ended it.");
        for (var i = root.Options.Count - 1; i >= 0; i--)
        {
            if (root.Options[i] is VersionOption)
                root.Options.RemoveAt(i); // ours names the actor runtime as well
        }

        root.Options.Add(_socket);
        root.Options.Add(_config);
        root.Options.Add(_set);
        root.Options.Add(_check);
        root.Options.Add(_version);
        root.SetAction((parsed, _) => parsed.GetValue(_version) ? Answer(parsed, ProductVersions.Line) : Serve(parsed));
        return root;
    }

    private Task<int> Serve(ParseResult parsed)
    {
        // What a script writes whose variable is not set; an empty path would be the default one.
        if (new[] { _socket, _config }.FirstOrDefault(option => parsed.GetValue(option) is "") is { } empty) return Task.FromResult(Refuse($"{empty.Name} is empty; see udsbroker --help"));
        var source = new SettingsSource(parsed.GetValue(_config), parsed.GetValue(_socket), parsed.GetValue(_set) ?? []);
        Config config;
        BrokerSettings settings;
        try
        {
            settings = source.Read(out config);
        }
        catch (SettingsException e)
        {
            return Task.FromResult(Refuse(e.Message));
        }

        return parsed.GetValue(_check) ? Answer(parsed, "ok") : _serve(source, settings, config);
    }

    private static Task<int> Answer(ParseResult parsed, string line)
    {
        parsed.InvocationConfiguration.Output.WriteLine(line);
        return Task.FromResult(ExitCode.Clean);
    }

    // False for a full disk, or no standard output at all.
    private bool Print(string text)
    {
        try
        {
            _output.Write(text);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _error.TryWriteLine($"udsbroker: standard output cannot be written: {failure.Message}");
            return false;
        }
    }

    private int Refuse(string message)
    {
        _error.TryWriteLine($"udsbroker: {message}");
        return ExitCode.WrongSettings;
    }
}
