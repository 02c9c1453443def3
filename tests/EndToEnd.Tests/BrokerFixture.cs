using UdsBroker.Client;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>A folder of its own with a running broker in it, and the programs started against it.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    /// <summary>A program that waits for a processor is not one that keeps silent.</summary>
    private const string Patient = "--set=udsbroker.connections.handshake-timeout=1m";

    private readonly List<ChildProcess> _programs = [];
    private int _outputs;

    private BrokerFixture(string folder) => Folder = folder;

    internal string Folder { get; }

    internal string Socket => Path.Combine(Folder, "broker.sock");

    internal ChildProcess Broker { get; private set; } = null!;

    /// <summary>Starts a broker and waits until it says that it listens.</summary>
    internal static async Task<BrokerFixture> StartAsync(params string[] arguments)
    {
        var fixture = new BrokerFixture(Directory.CreateTempSubdirectory("udsb-e2e-").FullName);
        await fixture.StartBrokerAsync(arguments);
        return fixture;
    }

    /// <summary>As the other, in a folder that is prepared first, and started by a wrapper command that executes the broker.</summary>
    internal static async Task<BrokerFixture> StartWrappedAsync(IEnumerable<string> wrapper, Func<BrokerFixture, string[]> prepare)
    {
        var fixture = new BrokerFixture(Directory.CreateTempSubdirectory("udsb-e2e-").FullName);
        var arguments = prepare(fixture);
        fixture.Broker = fixture.Add(ChildProcess.StartAs(wrapper, "udsbroker", ["--socket", fixture.Socket, Patient, .. arguments], fixture.NextOutput()));
        await fixture.Broker.WaitForErrorLineAsync("listening on");
        return fixture;
    }

    internal async Task StartBrokerAsync(params string[] arguments)
    {
        Broker = Start("udsbroker", ["--socket", Socket, Patient, .. arguments]);
        await Broker.WaitForErrorLineAsync("listening on");
    }

    /// <summary>A client of the library, in this process, that connects when it is first used.</summary>
    internal UdsBrokerClient Client(bool reconnect = true) => new(new UdsBrokerOptions
    {
        Path = Socket,
        ConnectTimeout = ChildProcess.Patience,
        Reconnect = new ReconnectOptions { Enabled = reconnect, MaxDelay = TimeSpan.FromMilliseconds(200) },
    });

    /// <summary>Starts <c>udsb</c> against the broker.</summary>
    internal ChildProcess Udsb(params string[] arguments) => Udsb(out _, arguments);

    /// <summary>Starts <c>udsb</c> against the broker; its standard output is in <paramref name="outputFile"/> once it has ended.</summary>
    internal ChildProcess Udsb(out string outputFile, params string[] arguments)
    {
        outputFile = NextOutput();
        return Add(ChildProcess.Start("udsb", [.. arguments, "--socket", Socket], outputFile));
    }

    /// <summary>A subscriber that is active when this returns.</summary>
    internal async Task<(ChildProcess Process, string OutputFile)> SubscriberAsync(params string[] arguments)
    {
        var process = Udsb(out var file, ["sub", "--verbose", .. arguments]);
        await process.WaitForErrorLineAsync("subscribed to");
        return (process, file);
    }

    internal ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        Add(ChildProcess.Start(program, arguments, NextOutput(), environment));

    /// <summary>Starts a program; its standard output is in <paramref name="outputFile"/> once it has ended.</summary>
    internal ChildProcess Start(string program, IEnumerable<string> arguments, out string outputFile)
    {
        outputFile = NextOutput();
        return Add(ChildProcess.Start(program, arguments, outputFile));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    internal string NextOutput() => Path.Combine(Folder, $"out-{++_outputs}");

    internal ChildProcess Add(ChildProcess process)
    {
        _programs.Add(process);
        return process;
    }
}
