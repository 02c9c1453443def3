using System.Threading.Channels;
using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>
/// An actor that keeps what it receives for the test to await, and watches on request. The patience is only a bound against hanging:
/// no test passes by waiting for it.
/// </summary>
internal sealed class Probe
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    public Probe(ActorSystem system)
    {
        var writer = _received.Writer;
        Ref = system.ActorOf(Props.Create(() => new Actor(writer)));
    }

    public IActorRef Ref { get; }

    public async Task<Received> NextReceived()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return await _received.Reader.ReadAsync(limit.Token);
    }

    public async Task<T> Next<T>() => Assert.IsType<T>((await NextReceived()).Message, exactMatch: false);

    public async Task Expect(params object[] messages)
    {
        foreach (var message in messages) Assert.Equal(message, (await NextReceived()).Message);
    }

    /// <summary>For steps of actors that run side by side.</summary>
    public async Task ExpectInAnyOrder(params object[] messages)
    {
        var received = new List<object>();
        while (received.Count < messages.Length) received.Add((await NextReceived()).Message);
        Assert.Equivalent(messages, received, strict: true);
    }

    public bool TryNext(out Received received) => _received.Reader.TryRead(out received);

    /// <summary>Watches an actor; the watch is in place when the task completes.</summary>
    public async Task Watch(IActorRef actor) => await Ref.Ask<Done>(new WatchRequest(actor), Patience);

    public void Tell(IActorRef actor, object message) => actor.Tell(message, Ref);

    internal readonly record struct Received(object Message, IActorRef Sender);

    private sealed record WatchRequest(IActorRef Target);

    private sealed class Done;

    private sealed class Actor(ChannelWriter<Received> writer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is WatchRequest request)
            {
                Context.Watch(request.Target);
                Sender.Tell(new Done());
            }
            else
            {
                writer.TryWrite(new Received(message, Sender));
            }
        }
    }
}
