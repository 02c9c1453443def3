using Akka.Streams.Stage;
using Akka.Util;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Turns a failure of the upstream into a last element and completion, if the function yields one.</summary>
internal sealed class Recover<T> : LinearStage<T, T>
{
    private readonly Func<Exception, Option<T>> _recovery;

    public Recover(Func<Exception, Option<T>> recovery)
        : base("recover") => _recovery = recovery;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(Recover<T> stage) : LinearLogic(stage)
    {
        private Option<T> _recovered = Option<T>.None;

        public override void OnPush() => Push(Out, Grab(In));

        public override void OnUpstreamFailure(Exception e)
        {
            _recovered = stage._recovery(e);
            if (!_recovered.HasValue)
                FailStage(e);
            else if (IsAvailable(Out))
                End();
        }

        public override void OnPull()
        {
            if (_recovered.HasValue)
                End();
            else
                Pull(In);
        }

        private void End()
        {
            Push(Out, _recovered.Value);
            CompleteStage();
        }
    }
}
