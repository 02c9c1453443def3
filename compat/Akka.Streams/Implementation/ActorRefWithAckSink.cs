using Akka.Actor;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>
/// Tells elements to an actor, the next one when the actor has acknowledged the one before; as many as the input buffer says are taken from
/// the upstream ahead. The acknowledgement is recognized by its type. When the stream is
/// stopped abruptly the actor is told nothing, as in the real package.
/// </summary>
internal sealed class ActorRefWithAckSink<T> : GraphStage<SinkShape<T>>
{
    private readonly IActorRef _actor;
    private readonly object _onInit;
    private readonly object _ack;
    private readonly object _onComplete;
    private readonly Func<Exception, object> _onFailure;

    public ActorRefWithAckSink(IActorRef actor, object onInit, object ack, object onComplete, Func<Exception, object> onFailure)
    {
        _actor = actor;
        _onInit = onInit;
        _ack = ack;
        _onComplete = onComplete;
        _onFailure = onFailure;
    }

    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("ActorRefBackpressureSink.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("actorRefWithAckSink");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) =>
        new Logic(this, inheritedAttributes.GetAttribute(new Attributes.InputBuffer(16, 16)).Max);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly ActorRefWithAckSink<T> _stage;
        private readonly int _maxBuffer;
        private readonly Inlet<T> _in;
        private readonly Queue<T> _buffer = new();
        private bool _acknowledged;
        private bool _completeWhenSent;

        public Logic(ActorRefWithAckSink<T> stage, int maxBuffer)
            : base(stage.Shape)
        {
            _stage = stage;
            _maxBuffer = maxBuffer;
            _in = stage.Shape.Inlet;
            SetHandler(_in, this);
        }

        public override void PreStart()
        {
            SetKeepGoing(true);
            GetStageActor(OnMessage).Watch(_stage._actor);
            Tell(_stage._onInit);
            Pull(_in);
        }

        public override void OnPush()
        {
            _buffer.Enqueue(Grab(_in));
            if (_acknowledged)
            {
                _acknowledged = false;
                SendOne();
            }

            if (_buffer.Count < _maxBuffer)
                Pull(_in);
        }

        public override void OnUpstreamFinish()
        {
            if (_buffer.Count == 0)
                Finish();
            else
                _completeWhenSent = true;
        }

        public override void OnUpstreamFailure(Exception e)
        {
            Tell(_stage._onFailure(e));
            FailStage(e);
        }

        private void OnMessage((IActorRef, object) args)
        {
            if (args.Item2.GetType() == _stage._ack.GetType())
            {
                if (_buffer.Count == 0)
                {
                    _acknowledged = true;
                    return;
                }

                if (_buffer.Count == _maxBuffer)
                    TryPull(_in);
                SendOne();
            }
            else if (args.Item2 is Terminated terminated && terminated.ActorRef.Equals(_stage._actor))
            {
                CompleteStage();
            }
        }

        private void SendOne()
        {
            Tell(_buffer.Dequeue());
            if (_buffer.Count == 0 && _completeWhenSent)
                Finish();
        }

        private void Finish()
        {
            Tell(_stage._onComplete);
            CompleteStage();
        }

        private void Tell(object message) => _stage._actor.Tell(message, StageActor.Ref);
    }
}
