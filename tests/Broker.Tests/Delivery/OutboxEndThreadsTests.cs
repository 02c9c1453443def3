using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>
/// Many short connections, each of which ends at a random moment while publishers deliver to it, wait for it and are let go, credit is
/// granted and its writer sends, on threads of their own: what it admitted arrives or is reported as missed, one GOODBYE follows, and its
/// owner is told once.
/// </summary>
public sealed class OutboxEndThreadsTests
{
    private const int Connections = 150;

    public enum EndKind
    {
        Drain,
        Shed,
        CloseAdmissionAndDrain,
        DrainAndClose,
        Close,
    }

    [Theory]
    [InlineData(EndKind.Drain)]
    [InlineData(EndKind.Shed)]
    [InlineData(EndKind.CloseAdmissionAndDrain)]
    public void A_connection_that_drains_at_any_moment_sends_what_it_admitted_and_then_goodbye_once(EndKind way)
    {
        for (var seed = 0; seed < Connections; seed++)
        {
            using var life = new OutboxLife(seed);
            life.Run(ender =>
            {
                Leave(life, way);
                life.AwaitDrained();
            });

            life.AssertEverythingReportedAndGoodbyeLast();
            life.AssertNothingKept();
        }
    }

    [Theory]
    [InlineData(EndKind.DrainAndClose)]
    [InlineData(EndKind.Close)]
    public void A_connection_that_closes_at_any_moment_keeps_nothing(EndKind way)
    {
        for (var seed = 0; seed < Connections; seed++)
        {
            using var life = new OutboxLife(seed);
            life.Run(ender =>
            {
                if (way == EndKind.DrainAndClose)
                {
                    Leave(life, EndKind.Drain);
                    Thread.SpinWait(ender.Next(2000));
                }

                life.Outbox.Close();
            });

            Assert.InRange(life.DrainedCalls, 0, 1);
            Received.Parse(life.Socket.Received, mayBeCut: true);
            life.AssertNothingKept();
        }
    }

    private static void Leave(OutboxLife life, EndKind way)
    {
        if (way == EndKind.CloseAdmissionAndDrain) life.Outbox.CloseAdmission();
        if (way == EndKind.Shed) life.Outbox.Shed(Frames.Goodbye("too heavy"));
        else life.Outbox.Drain(Frames.Goodbye("the end"));
    }
}
