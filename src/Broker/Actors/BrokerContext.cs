using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>What all actors of one broker share: its settings and the few objects that live as long as the broker. Immutable, thread-safe parts.</summary>
internal sealed class BrokerContext(BrokerSettings settings, DescriptorBudget budget, string version, ILogger logger)
{
    internal BrokerSettings Settings => settings;

    internal DescriptorBudget Budget => budget;

    /// <summary>The version that WELCOME names.</summary>
    internal string Version => version;

    internal ILogger Logger => logger;

    internal IMonotonicClock Clock { get; } = new MonotonicClock();

    internal BrokerLoad Load { get; } = new(settings);

    internal SlabPool Pool { get; } = new(settings.Receive.BufferSize);

    /// <summary>For connections that keep packets: each needs room for a whole one.</summary>
    internal SlabPool PacketPool { get; } = new(settings.Listeners.Max(listener => listener.MaxPacket));

    internal RoutingTable Table { get; } = new((ulong)Random.Shared.NextInt64());

    internal Traffic Traffic { get; } = new();

    internal OutboxLimits OutboxLimits { get; } = new((int)settings.Outbound.HighWatermark, (int)settings.Outbound.LowWatermark, settings.Limits);
}
