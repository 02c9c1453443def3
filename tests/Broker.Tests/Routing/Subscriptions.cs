using System.Text;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Subscriptions of one connection, numbered as they come, for tests of who is found and not of what is delivered.</summary>
internal sealed class Subscriptions
{
    private readonly Outbox _outbox = new(
        new OutboxLimits(1 << 16, 1 << 14, Limits.Default), new SlabPool(4096), new FakeClock(), new FakeSocket(), new FakeOwner(), new Traffic());
    private uint _sid;

    internal Subscription To(string pattern) =>
        new(_outbox, ++_sid, Encoding.UTF8.GetBytes(pattern), SubscribeOptions.None, new PendingBound(1 << 20, 1 << 16));

    /// <summary>A valid pattern of these tokens, one in four of which is for the whole tail.</summary>
    internal static string RandomPattern(Random random, string[] tokens, int max)
    {
        var chosen = Enumerable.Range(0, random.Next(1, max + 1)).Select(_ => tokens[random.Next(tokens.Length)]).ToList();
        if (random.Next(4) == 0) chosen[^1] = ">";
        return string.Join('.', chosen);
    }
}
