using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Hands control frames to the owner of the connection, one element at a time: the next is asked for when the last has taken effect,
/// so that a PUBLISH behind a SUBSCRIBE finds it in force. Its end is the end of the peer's bytes.
/// </summary>
internal sealed class SessionSink(IConnectionEvents events) : GraphStage<SinkShape<ControlFrames>>
{
    private readonly Inlet<ControlFrames> _in = new("session.control");

    public override SinkShape<ControlFrames> Shape => new(_in);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, events);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<ControlFrames> _in;
        private readonly IConnectionEvents _events;
        private readonly Action _handled;

        public Logic(SessionSink stage, IConnectionEvents events)
            : base(stage.Shape)
        {
            _in = stage._in;
            _events = events;
            _handled = GetAsyncCallback(() => TryPull(_in));
            SetHandler(_in, this);
        }

        public override void PreStart() => Pull(_in);

        public override void OnPush() => _events.Control(Grab(_in), _handled);

        public override void OnUpstreamFinish()
        {
            _events.InputEnded();
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            _events.End(Endings.Of(e));
            FailStage(e);
        }
    }
}
