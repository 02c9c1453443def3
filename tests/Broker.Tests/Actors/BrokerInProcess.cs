using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The actor tree of a broker on a socket in a folder of its own, inside the test process.</summary>
internal sealed class BrokerInProcess : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _directory = new();
    private readonly LogLines _log = new();
    private readonly TaskCompletionSource<BrokerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerInProcess(IReadOnlyList<string> assignments, int connections)
    {
        Settings = BrokerSettingsReader.Read(SettingsLayers.Load(null, Socket, [.. assignments.Select(a => a.Replace("{dir}", _directory.Root, StringComparison.Ordinal))]));
        System = ActorSystem.Create("test", ConfigurationFactory.ParseString("akka.loglevel = OFF").WithFallback(SettingsLayers.Reference));
        Context = new BrokerContext(Settings, new DescriptorBudget(connections), "test", _log);
        Root = System.ActorOf(BrokerActor.Props(Context, _ended), "broker");
    }

    internal BrokerSettings Settings { get; }

    internal ActorSystem System { get; }

    /// <summary>What the actors share: slabs, shares and meters can be counted here.</summary>
    internal BrokerContext Context { get; }

    internal IEnumerable<string> Log => _log.Lines;

    internal IActorRef Root { get; }

    internal string Socket => _directory["broker.sock"];

    /// <summary>Completes when the tree has stopped.</summary>
    internal Task<BrokerEnd> Ended => _ended.Task;

    /// <summary>Waits for a condition that nothing signals; it must become true.</summary>
    internal static async Task UntilAsync(Func<bool> isTrue)
    {
        var clock = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(clock.Elapsed < Patience, "it did not come true");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    internal string PathOf(string name) => _directory[name];

    /// <summary>Starts a broker that differs from the defaults by the assignments, <c>key=value</c> each; <c>{dir}</c> is its folder.</summary>
    internal static async Task<BrokerInProcess> StartAsync(params string[] assignments) => await StartAsync(1000, assignments);

    internal static async Task<BrokerInProcess> StartAsync(int connections, params string[] assignments)
    {
        var broker = new BrokerInProcess(assignments, connections);
        Assert.IsType<ListenersActor.AllListening>(await broker.Root.Ask(BrokerActor.AwaitStart.Instance, Patience));
        return broker;
    }

    /// <summary>A connection that has been welcomed.</summary>
    internal async Task<RawClient> ConnectAsync(HelloOptions? options = null)
    {
        var client = RawClient.Open(Socket);
        await client.GreetAsync(options);
        return client;
    }

    /// <summary>The actor at a path below <c>/user/broker</c>.</summary>
    internal Task<IActorRef> FindAsync(string path) => System.ActorSelection("/user/broker/" + path).ResolveOne(Patience);

    internal Task<object> DrainAsync() => Root.Ask(new BrokerActor.Drain(CloseReason.BrokerShutdown, "the test is over"), Patience);

    public async ValueTask DisposeAsync()
    {
        await System.Terminate().WaitAsync(Patience);
        System.Dispose();
        _directory.Dispose();
    }
}
