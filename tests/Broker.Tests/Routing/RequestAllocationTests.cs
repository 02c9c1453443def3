using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>What a request and its answer cost the broker in memory: nothing that is allocated for them.</summary>
public class RequestAllocationTests
{
    private const int Rounds = 400;
    private const int Requests = 16;
    private const int Part = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Requests_and_their_answers_allocate_nothing_in_the_steady_state(int responders)
    {
        var broker = new CoreBroker();
        var asker = broker.Connect();
        var asked = Enumerable.Range(0, responders).Select(_ => broker.Connect()).ToArray();
        foreach (var responder in asked) responder.Send(Frames.Subscribe(1, "ask"));
        var (buffers, answers) = (new InboundBuffer(broker.Pool), new InboundBuffer(broker.Pool));
        var rounds = Enumerable.Range(0, Rounds).Select(round => Enumerable.Range(round * Requests, Requests).ToArray()).ToArray();
        var questions = rounds.Select(round => Frames.Join(round.Select(i => Frames.Publish("ask", [1], $"_INBOX.{asker.Id}.{i}")))).ToArray();
        var replies = rounds.Select(round => Frames.Join(round.Select(i => Frames.Publish($"_INBOX.{asker.Id}.{i}", "answer")))).ToArray();
        for (var i = 0; i < Rounds / 2; i++) Step(i);
        foreach (var connection in asked.Append(asker)) connection.Socket.TakeReceived();

        Assert.Equal(0, Allocation.Least(Rounds / 2 / Part, part =>
        {
            for (var i = 0; i < Part; i++) Step((Rounds / 2) + (part * Part) + i);
        }));
        var received = Received.Parse(asker.Socket.TakeReceived());
        Assert.Equal(responders * Requests * Rounds / 2, received.Deliveries.Count);
        Assert.Empty(received.Errors);
        Assert.Empty(asked.SelectMany(responder => responder.Outbox.TakeRequests()));

        void Step(int round)
        {
            Consume(asker, buffers, questions[round]);
            foreach (var responder in asked) Consume(responder, answers, replies[round]);
        }
    }

    private static void Consume(CoreConnection connection, InboundBuffer buffer, byte[] bytes)
    {
        bytes.CopyTo(buffer.FreeSpace().Span);
        buffer.Filled(bytes.Length);
        Assert.Null(connection.Router.Consume(buffer));
    }
}
