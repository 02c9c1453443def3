using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>
/// Clients that are sent a message as soon as they are announced, which is before their own actor knows that the router has applied their
/// inbox.
/// </summary>
public sealed class GreetingTests
{
    [Fact]
    public async Task A_client_that_is_sent_a_message_as_soon_as_it_is_announced_reads_welcome_first()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        var context = broker.Context;
        var greeter = new Greeter(new RunPublisher(context.Table, context.Pool, Limits.Default), new PublisherAccount(Guid.CreateVersion7(), PeerAccess.OfBroker, context.Traffic));
        var outbox = new Outbox(context.OutboxLimits, context.Pool, context.Clock, greeter, new FakeOwner(), context.Traffic);
        outbox.Welcome();
        var watches = new Subscription(outbox, 1, Encoding.UTF8.GetBytes(SystemSubjects.ConnectedClients), SubscribeOptions.None, new PendingBound(1 << 20, 1 << 16));
        context.Table.Current = context.Table.Current.With(watches);

        using var newcomer = await broker.ConnectAsync();

        var (sender, sids, subject, payload) = Assert.Single(await newcomer.ReceiveAsync());
        Assert.Equal((greeter.Account.Id, $"_INBOX.{newcomer.Id}.hi", "hello"), (sender, subject, payload));
        Assert.Equal([ReservedSubjects.InboxSid], sids);
        Assert.Equal(1, greeter.Greeted);
    }

    // The router sends to it on its own thread, while it applies the change of the new client.
    private sealed class Greeter(RunPublisher publisher, PublisherAccount account) : IOutboundSocket
    {
        internal PublisherAccount Account => account;

        internal int Greeted { get; private set; }

        public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
        {
            byte[] bytes = [.. segments.SelectMany(segment => segment)];
            foreach (var told in Received.Parse(bytes).Deliveries)
            {
                FrameScanner.Scan(told.Frame, Limits.Default, out var head);
                var subject = Encoding.UTF8.GetString(told.Frame, head.SubjectStart, head.SubjectLength);
                publisher.Publish(account, RawClient.Publish($"_INBOX.{subject.Split('.')[2]}.hi", "hello"));
                Greeted++;
            }

            sent = bytes.Length;
            return SendOutcome.Sent;
        }
    }
}
