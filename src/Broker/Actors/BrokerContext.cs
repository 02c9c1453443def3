using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Actors;

/// <summary>What all actors of one broker share: its settings and the few objects that live as long as the broker. Immutable, thread-safe parts.</summary>
internal sealed class BrokerContext(BrokerSettings settings, DescriptorBudget budget, string version, ILogger logger)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private DirectedMessages? _directed;

    internal BrokerSettings Settings => settings;

    internal DescriptorBudget Budget => budget;

    /// <summary>The version that WELCOME names.</summary>
    internal string Version => version;

    internal ILogger Logger => logger;

    internal IMonotonicClock Clock { get; } = new MonotonicClock();

    internal BrokerLoad Load { get; } = new(settings);

    /// <summary>The clock for what people read.</summary>
    internal TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>How long the broker has run.</summary>
    internal TimeSpan Uptime => Stopwatch.GetElapsedTime(_start);

    /// <summary>Who may run this broker.</summary>
    internal Operators Operators { get; } = new(ProcessCalls.EffectiveUid());

    internal SlabPool Pool { get; } = new(settings.Receive.BufferSize);

    /// <summary>For connections that keep packets: each needs room for a whole one.</summary>
    internal SlabPool PacketPool { get; } = new(settings.Listeners.Max(listener => listener.MaxPacket));

    internal RoutingTable Table { get; } = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>Who watches the interest in which subject; for the router alone.</summary>
    internal InterestTable Interest { get; } = new();

    /// <summary>What is kept of messages besides routing them.</summary>
    internal DirectedMessages Directed => LazyInitializer.EnsureInitialized(ref _directed, NewDirected);

    internal Traffic Traffic { get; } = new();

    internal AccessTable Access { get; } = new(settings.Access.Policy, new DenialLog(logger, TimeProvider.System, settings.Access.DenialLogInterval));

    internal OutboxLimits OutboxLimits { get; } = new((int)settings.Outbound.HighWatermark, (int)settings.Outbound.LowWatermark, settings.Limits)
    {
        MaxOpenRequests = settings.Requests.MaxOpen,
    };

    private DirectedMessages NewDirected()
    {
        var (retained, delayed) = (settings.Retained, settings.Delayed);
        var delayBounds = new DelayBounds(delayed.MaxMessages, delayed.MaxBytes, (long)delayed.MaxDelay.TotalMilliseconds);
        return new DirectedMessages(
            new RetainedStore(Table, Pool, settings.Limits, Clock, new RetainedBounds(retained.MaxMessages, retained.MaxBytes)),
            new DelayStore(delayBounds, Pool),
            Clock);
    }
}
