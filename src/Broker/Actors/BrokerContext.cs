using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// What all actors of one broker share: its settings and the few objects that live as long as the broker. Immutable, thread-safe parts.
/// </summary>
internal sealed class BrokerContext(BrokerSettings settings, DescriptorBudget budget, string version, ILogger logger)
{
    private static readonly MonotonicClock Monotonic = new();

    private readonly long _start = Stopwatch.GetTimestamp();
    private KeptMessages? _kept;
    private DenialLog? _denials;
    private AccessTable? _access;
    private long _lastPlace;

    /// <summary>The settings that the broker was started with; <see cref="Use"/> replaces some of them in other places.</summary>
    internal BrokerSettings Settings => settings;

    internal DescriptorBudget Budget => budget;

    /// <summary>The version that WELCOME names.</summary>
    internal string Version => version;

    internal ILogger Logger => logger;

    internal IMonotonicClock Clock { get; } = Monotonic;

    internal BrokerLoad Load { get; } = new(settings, Monotonic);

    /// <summary>The clock for what people read.</summary>
    internal TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>How long the broker has run.</summary>
    internal TimeSpan Uptime => Stopwatch.GetElapsedTime(_start);

    internal SlabPool Pool { get; } = new(settings.Receive.BufferSize, SlabPool.IdleBytesFor(settings.Memory.Budget));

    /// <summary>For connections that preserve packets: each needs room for a whole packet.</summary>
    internal SlabPool PacketPool { get; } = new(settings.Listeners.Max(listener => listener.MaxPacket), SlabPool.IdleBytesFor(settings.Memory.Budget));

    internal RoutingTable Table { get; } = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>The subscriptions that watch the interest in a subject; only for the router.</summary>
    internal InterestTable Interest { get; } = new();

    /// <summary>The stores of retained and delayed messages.</summary>
    internal KeptMessages Kept => LazyInitializer.EnsureInitialized(ref _kept, NewKept);

    internal Traffic Traffic => Load.Traffic;

    internal ClosingLog Closings { get; } = new(logger, TimeProvider.System);

    internal DenialLog Denials => LazyInitializer.EnsureInitialized(ref _denials, () => new DenialLog(logger, Time, settings.Access.DenialLogInterval, Traffic));

    internal AccessTable Access => LazyInitializer.EnsureInitialized(ref _access, () => new AccessTable(settings.Access.Policy, Denials));

    internal OutboxLimits OutboxLimits { get; } = new((int)settings.Outbound.HighWatermark, (int)settings.Outbound.LowWatermark, settings.Limits)
    {
        MaxOpenRequests = settings.Requests.MaxOpen,
    };

    /// <summary>
    /// Puts reloaded settings in force, as far as that is possible without a restart; <see cref="SettingsChanges"/> lists the sections.
    /// </summary>
    internal void Use(BrokerSettings newer)
    {
        Access.Current = newer.Access.Policy;
        Denials.Interval = newer.Access.DenialLogInterval;
        Load.Use(newer.Users);
        (Kept.Retained.Bounds, Kept.Delayed.Bounds) = KeptBoundsOf(newer);
    }

    /// <summary>The number of one more client in the order of arrival. Thread-safe.</summary>
    internal long NextPlace() => Interlocked.Increment(ref _lastPlace);

    private KeptMessages NewKept()
    {
        var (retained, delayed) = KeptBoundsOf(settings);
        return new KeptMessages(new RetainedStore(Table, Pool, settings.Limits, Clock, retained), new DelayStore(delayed, Pool), Clock) { Traffic = Traffic };
    }

    private static (RetainedBounds Retained, DelayBounds Delayed) KeptBoundsOf(BrokerSettings settings)
    {
        var (retained, delayed, users) = (settings.Retained, settings.Delayed, settings.Users);
        return (
            new RetainedBounds(new KeptBound(retained.MaxMessages, retained.MaxBytes), KeptBound.OfUser(users.Retained.MaxMessages, users.Retained.MaxBytes)),
            new DelayBounds(
                new KeptBound(delayed.MaxMessages, delayed.MaxBytes),
                KeptBound.OfUser(users.Delayed.MaxMessages, users.Delayed.MaxBytes),
                (long)delayed.MaxDelay.TotalMilliseconds));
    }
}
