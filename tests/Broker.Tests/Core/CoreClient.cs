using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>What a <see cref="CoreBroker"/> knows about a client.</summary>
internal sealed class CoreClient(Guid id) : IClientRecord
{
    public Guid Id => id;

    public long Place { get; internal init; }

    public bool HasLeft { get; internal set; }

    /// <summary>What it hello in HELLO; null before.</summary>
    internal HelloOptions? Hello { get; private set; }

    public WelcomeInfo Welcome() => new() { Broker = "test" };

    public void Greeted(HelloOptions hello) => Hello = hello;

    public byte[] Connected() => BrokerFrames.Encode(SystemSubjects.Connected(id), "here"u8);
}
