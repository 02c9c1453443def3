using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>
/// Every kind of frame in every state of a connection: no frame that only the broker sends is accepted from a client, none is accepted in
/// the wrong state, and no other connection is affected.
/// </summary>
public sealed class FrameStateTests
{
    private static readonly FrameKind[] OfClients =
        [FrameKind.Hello, FrameKind.Subscribe, FrameKind.Unsubscribe, FrameKind.Publish, FrameKind.Ping, FrameKind.Pong, FrameKind.Goodbye, FrameKind.Credit];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var state in new[] { "before HELLO", "serving", "after GOODBYE", "after a violation" })
            {
                for (var kind = 0; kind <= 20; kind++) cases.Add(state, kind);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_frame_is_accepted_only_from_the_right_side_and_in_the_right_state(string state, int number)
    {
        var broker = new CoreBroker();
        var witness = broker.Connect();
        witness.Send(Frames.Subscribe(1, ">"));
        var kind = (FrameKind)number;
        var connection = state == "before HELLO" ? broker.Accept() : broker.Connect();
        if (state == "after GOODBYE") connection.Send(Frames.Goodbye("bye"));
        if (state == "after a violation") connection.Send([0xC1]);
        var before = connection.Endings.ToArray();

        connection.Send(Frame(kind));

        var isTaken = state switch
        {
            "before HELLO" => kind == FrameKind.Hello,
            "serving" => OfClients.Contains(kind) && kind != FrameKind.Hello,
            _ => true, // nothing is processed any more
        };
        var expected = !isTaken ? CloseReason.Violation : state == "serving" && kind == FrameKind.Goodbye ? CloseReason.ClientClosed : CloseReason.None;
        Assert.Equal(expected, connection.Endings.Skip(before.Length).Select(ending => ending.Reason).FirstOrDefault());
        var isRouted = state == "serving" && kind == FrameKind.Publish;
        Assert.Equal(isRouted ? "1:x" : "", witness.Log());
        Assert.Empty(witness.Endings);
    }

    // A well-formed frame of the kind, or of the shape of one for kinds that are unknown.
    private static byte[] Frame(FrameKind kind) => kind switch
    {
        FrameKind.Hello => Frames.Hello(),
        FrameKind.Welcome => Frames.Encode(output => FrameWriter.Write(output, new WelcomeCommand(1, Guid.Empty, new WelcomeInfo()))),
        FrameKind.Subscribe => Frames.Subscribe(1, "a"),
        FrameKind.Unsubscribe => Frames.Unsubscribe(9),
        FrameKind.Publish => Frames.Publish("a", "x"),
        FrameKind.Ping => Frames.Ping(1),
        FrameKind.Pong => Frames.Pong(1),
        FrameKind.Deliver => [0x94, 8, 0x91, 1, 0xC4, 16, .. new byte[16], 1],
        FrameKind.Error => Frames.Encode(output => FrameWriter.Write(output, new ErrorCommand(ErrorCode.NotAllowed, "", null))),
        FrameKind.Goodbye => Frames.Goodbye("bye"),
        FrameKind.Missed => [0x93, 11, 1, 1],
        FrameKind.Credit => Frames.Credit(9, 1),
        _ => [0x93, (byte)kind, 1, 1],
    };
}
