using Akka.Streams.Stage;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Folds all elements into one, which it emits when the upstream has completed.</summary>
internal sealed class Aggregate<TIn, TOut> : LinearStage<TIn, TOut>
{
    private readonly TOut _zero;
    private readonly Func<TOut, TIn, TOut> _aggregate;

    public Aggregate(TOut zero, Func<TOut, TIn, TOut> aggregate)
        : base("aggregate")
    {
        _zero = zero;
        _aggregate = aggregate;
    }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inheritedAttributes.Decider());

    private sealed class Logic(Aggregate<TIn, TOut> stage, Decider decider) : LinearLogic(stage)
    {
        private TOut _result = stage._zero;

        public override void OnPush()
        {
            try
            {
                _result = stage._aggregate(_result, Grab(In));
            }
            catch (Exception e)
            {
                var directive = decider(e);
                if (directive == Directive.Stop)
                    FailStage(e);
                else if (directive == Directive.Restart)
                    _result = stage._zero;
            }

            TryPull(In);
        }

        public override void OnUpstreamFinish()
        {
            if (IsAvailable(Out))
                End();
        }

        public override void OnPull()
        {
            if (IsClosed(In))
                End();
            else
                Pull(In);
        }

        private void End()
        {
            Push(Out, _result);
            CompleteStage();
        }
    }
}
