using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>An outbox on a scripted socket, with one subscription and one publisher.</summary>
public abstract class OutboxTestBed
{
    private protected readonly SlabPool _pool = new(4096);
    private protected readonly FakeClock _clock = new();
    private protected readonly FakeSocket _socket = new();
    private protected readonly FakeOwner _owner = new();
    private protected readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), PeerAccess.OfBroker, new Traffic());
    private protected readonly HoldingSubscriptions _holding = new();
    private protected readonly Outbox _outbox;
    private protected readonly Recipient _recipient;

    private protected OutboxTestBed()
    {
        _outbox = new Outbox(new OutboxLimits(1000, 250, Limits.Default), _pool, _clock, _socket, _owner, new Traffic());
        _outbox.Welcome();
        _recipient = new Recipient(_outbox, [NewSubscription(1, SubscribeOptions.None)]);
    }

    private protected Subscription NewSubscription(uint sid, SubscribeOptions options) => new(_outbox, sid, "s"u8.ToArray(), options, new PendingBound(1 << 20, 1 << 16));

    private protected bool Deliver(string payload, Recipient? to = null, RunTraits traits = default)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish("s", payload)]) { Traits = traits };
        return _outbox.Deliver(to ?? _recipient, run.Run, _holding, out _, out _);
    }

    private protected uint DeliverAndCount(string payload)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish("s", payload)]);
        _outbox.Deliver(_recipient, run.Run, _holding, out var deliveries, out _);
        return deliveries;
    }

    private protected void Write()
    {
        while (_outbox.NextBatch() is { } batch)
        {
            _socket.TrySend(batch, out var sent);
            _outbox.WriterSent(sent);
            if (sent == 0) break;
        }
    }
}
